import path from "node:path";
import type { CatalogueSpec, Proof } from "../model.js";
import { codeHeader, textHeader } from "../output/header.js";
import { indexFile } from "./index-file.js";
import { kindFile } from "./kind.js";
import { Printer } from "./print.js";
import { reference } from "./reference.js";
import { Slots } from "./slots.js";
import { truthTable } from "./truth-table.js";

/** The text of every file of a catalogue, by its name in the output directory. Touches no file. */
export function emit(spec: CatalogueSpec, proof: Proof): ReadonlyMap<string, string> {
  const printer = new Printer();
  const specName = path.basename(spec.source.file);
  const header = codeHeader(specName);
  const files = new Map<string, string>();
  const print = (name: string, build: (slots: Slots) => Parameters<Printer["print"]>[2]) => {
    const slots = new Slots();
    files.set(name, printer.print(name, header, build(slots), slots));
  };
  for (const kind of spec.kinds) {
    print(`${kind.name}.ts`, (slots) => kindFile(kind, spec, slots));
  }
  print("index.ts", (slots) => indexFile(spec, proof, slots));
  print("round-trip.test.ts", (slots) => truthTable(spec, proof, slots));
  files.set("LOCKS.md", `${textHeader(specName)}\n${reference(spec, proof)}`);
  return files;
}
