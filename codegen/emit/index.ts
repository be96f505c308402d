import path from "node:path";
import type { CatalogueSpec, Proof } from "../model.js";
import { codeHeader, textHeader } from "./header.js";
import { indexFile } from "./index-file.js";
import { kindFile } from "./kind.js";
import { type FileStructure, Printer } from "./print.js";
import { reference } from "./reference.js";
import { truthTable } from "./truth-table.js";

/** The text of every file of a catalogue, by its name in the output directory. Touches no file. */
export function emit(spec: CatalogueSpec, proof: Proof): ReadonlyMap<string, string> {
  const printer = new Printer();
  const specPath = path.posix.relative(spec.output, path.basename(spec.source.file));
  const banner = spec.banner === null ? "" : `${spec.banner.trimEnd()}\n`;
  const header = banner + codeHeader(specPath);
  const print = (name: string, structure: FileStructure) =>
    [name, printer.print(name, header, structure)] as const;
  return new Map([
    ...spec.kinds.map((kind) => print(`${kind.name}.ts`, kindFile(kind, spec))),
    print("index.ts", indexFile(spec, proof)),
    print("round-trip.test.ts", truthTable(spec, proof)),
    ["LOCKS.md", `${textHeader(specPath)}\n${reference(spec, proof)}`],
  ]);
}
