import path from "node:path";
import type { CatalogueSpec, Proof } from "../model.js";
import { codeHeader, testsNote, textHeader } from "./header.js";
import { indexFile } from "./index-file.js";
import { declarationsOf, withoutTypes } from "./javascript.js";
import { kindFile } from "./kind.js";
import { type FileStructure, Printer } from "./print.js";
import { reference } from "./reference.js";
import { truthTable } from "./truth-table.js";

/** The text of every file of a catalogue, by its path from the output directory. Touches no file. */
export function emit(spec: CatalogueSpec, proof: Proof): ReadonlyMap<string, string> {
  const printer = new Printer();
  const { language, imports, tests, output } = spec;
  const files = new Map<string, string>();
  const specPath = (file: string) =>
    path.posix.relative(
      path.posix.join(output, path.posix.dirname(file)),
      path.basename(spec.source.file),
    );
  const banner = spec.banner === null ? "" : `${spec.banner.trimEnd()}\n`;
  const add = (file: string, body: string) => {
    files.set(file, `${banner}${codeHeader(specPath(file), language)}\n${body}`);
  };
  const addModule = (name: string, structure: FileStructure) => {
    const code = printer.print(`${name}.ts`, structure);
    if (language === "typescript") {
      add(`${name}.ts`, code);
    } else {
      const declarations = `${name}.d${imports === ".mjs" ? ".mts" : ".ts"}`;
      // A compiler that checks JavaScript reads it even where its declarations are beside it.
      const unchecked = `// @ts-nocheck: its types are in ${declarations}.\n`;
      add(name + imports, unchecked + withoutTypes(code));
      add(declarations, declarationsOf(code));
    }
  };

  for (const kind of spec.kinds) addModule(kind.name, kindFile(kind, spec));
  addModule("index", indexFile(spec, proof));
  const notes: string[] = [];
  if (tests !== null) {
    const file = path.posix.relative(output, tests.file);
    add(file, printer.print("tests.ts", truthTable(spec, tests, proof)));
    if (file.includes("/")) notes.push(testsNote(file));
  }
  const heading = [textHeader(specPath("LOCKS.md")), ...notes].join("\n");
  files.set("LOCKS.md", `${heading}\n${reference(spec, proof)}`);
  return files;
}
