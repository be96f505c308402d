import { type SourceFileStructure, StructureKind } from "ts-morph";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Proof } from "../model.js";
import { inImportOrder } from "./import-order.js";
import { args, argsEndingIn, array, type Layout, object, print } from "./layout.js";
import { exampleRows, isFileName, renderName } from "./names.js";
import { overlapsByOwner } from "./overlaps.js";
import { Reader } from "./readings.js";
import type { Slots } from "./slots.js";
import { quote } from "./text.js";

/**
 * The emitted tests: for each kind, names made and read back, and which kinds read names like them.
 */
export function truthTable(
  spec: CatalogueSpec,
  proof: Proof,
  slots: Slots,
): Omit<SourceFileStructure, "kind"> {
  const reader = new Reader(spec, proof.readingOrder);
  const witnesses = overlapsByOwner(proof);
  const imports = [
    { module: helperOf(spec.runtime), names: ["reads", "roundTrip"] },
    { module: "vitest", names: ["test"] },
  ];
  // Packages stand before files, and both in the formatter's order.
  const isFile = ({ module }: { module: string }) => Number(module.startsWith("."));
  imports.sort((a, b) => isFile(a) - isFile(b) || inImportOrder(a.module, b.module));
  const seen = new Set<string>();
  return {
    statements: [
      ...imports.map(({ module, names }) => ({
        kind: StructureKind.ImportDeclaration as const,
        moduleSpecifier: module,
        namedImports: names,
      })),
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: "./index.js",
        namedImports: [spec.name, ...spec.kinds.map(({ name }) => name)].toSorted(inImportOrder),
      },
      ...spec.kinds.map((kind) => {
        const also = (witnesses.get(kind.name) ?? []).map(({ witness }) => witness);
        return slots.put(`\n${kindTest(kind, spec, reader, also, seen)}`);
      }),
    ],
  };
}

/** The module of the test helper beside the runtime. */
function helperOf(runtime: string): string {
  if (runtime.startsWith(".")) return runtime.replace(/[^/]+(?=\.[cm]?js$)/u, "testing");
  const [scope = "", name] = runtime.split("/");
  return scope.startsWith("@") && name !== undefined
    ? `${scope}/${name}/testing`
    : `${scope}/testing`;
}

/** One test for a kind. Names that a test before this one has looked at are not looked at again. */
function kindTest(
  kind: Kind,
  spec: CatalogueSpec,
  reader: Reader,
  witnesses: readonly string[],
  seen: Set<string>,
): string {
  const rows = exampleRows(kind, spec);
  const statements = rows.map((row) => {
    const values = array(kind.parameters.map((name) => quote(defined(row[name])))).fitting;
    return print(["roundTrip", args(kind.name, values, quote(renderName(kind, row))), ";"], 2);
  });
  const names = rows.map((row) => renderName(kind, row));
  const near = names.slice(0, 1).flatMap((name) => nearMisses(name, kind, spec));
  for (const name of [...names, ...witnesses, ...near]) {
    if (seen.has(name)) continue;
    seen.add(name);
    statements.push(print(readsCall(name, spec, reader), 2));
  }
  const title = `${kind.name} names ${kind.template}${kind.readable ? " and reads it back" : ""}`;
  const body = statements.map((statement) => `  ${statement.replaceAll("\n", "\n  ")}`);
  return [`test(${quote(title)}, () => {`, ...body, "});"].join("\n");
}

function readsCall(name: string, spec: CatalogueSpec, reader: Reader): Layout {
  const readings = reader
    .read(name)
    .map(({ kind, values }): Layout => [`${kind}: `, array(values.map(quote)).fitting]);
  return ["reads", argsEndingIn([spec.name, quote(name)], object(readings)), ";"];
}

/**
 * Names that are nearly one of the kind's: a backup copy, a line break at the end, an empty value,
 * another beginning or end.
 */
function nearMisses(name: string, kind: Kind, spec: CatalogueSpec): readonly string[] {
  const [row = {}] = exampleRows(kind, spec);
  const emptied = kind.parameters.map((parameter) => renderName(kind, { ...row, [parameter]: "" }));
  const [firstLetter = ""] = name;
  return [
    `${name}~`,
    `${name}.bak`,
    `${name}\n`,
    `x${name}`,
    name.slice(firstLetter.length),
    ...emptied,
  ].filter(isFileName);
}
