import { StructureKind } from "ts-morph";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Proof } from "../model.js";
import { byCodeUnit } from "../order.js";
import { exampleRows, isFileName, renderName } from "./names.js";
import { type FileStructure, onePerLine } from "./print.js";
import { overlapsByOwner, Reader } from "./readings.js";
import { quote } from "./text.js";

/**
 * The emitted tests: for each kind, names made and read back, and which kinds read names like them.
 */
export function truthTable(spec: CatalogueSpec, proof: Proof): FileStructure {
  const reader = new Reader(spec, proof.readingOrder);
  const witnesses = overlapsByOwner(proof);
  const names = (isDeprecated: boolean) =>
    spec.kinds
      .filter((kind) => (kind.deprecated !== null) === isDeprecated)
      .map(({ name }) => name);
  const imported = [spec.name, ...names(false)].toSorted(byCodeUnit);
  const seen = new Set<string>();
  const tests = spec.kinds.map((kind) => {
    const also = (witnesses.get(kind.name) ?? []).map(({ witness }) => witness);
    return kindTest(kind, spec, reader, also, seen);
  });
  return {
    statements: [
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: "vitest",
        namedImports: ["test"],
      },
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: helperOf(spec.runtime),
        namedImports: ["reads", "roundTrip"],
      },
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: "./index.js",
        namedImports: (writer) =>
          writer.write(imported.map((name) => `\n${name},`).join("")).newLine(),
      },
      // The index deprecates them; their own files do not.
      ...names(true)
        .toSorted(byCodeUnit)
        .map((name) => ({
          kind: StructureKind.ImportDeclaration as const,
          moduleSpecifier: `./${name}.js`,
          namedImports: [name],
        })),
      (writer) => writer.write(tests.map((test) => `\n${test}`).join("\n")),
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

/** One test for a kind. A name that an earlier test has looked at is not looked at again. */
function kindTest(
  kind: Kind,
  spec: CatalogueSpec,
  reader: Reader,
  witnesses: readonly string[],
  seen: Set<string>,
): string {
  const rows = exampleRows(kind, spec);
  const statements = rows.map((row) => {
    const values = kind.parameters.map((name) => valueCode(name, defined(row[name]), spec));
    const byName = kind.parameters.map((name, at) => `${name}: ${values[at]}`);
    const given = kind.named ? `{ ${byName.join(", ")} }` : `[${values.join(", ")}]`;
    return `roundTrip(${kind.name}, ${given}, ${quote(renderName(kind, row))});`;
  });
  const names = rows.map((row) => renderName(kind, row));
  const near = names.slice(0, 1).flatMap((name) => nearMisses(name, kind, spec));
  for (const name of [...names, ...witnesses, ...near]) {
    if (seen.has(name)) continue;
    seen.add(name);
    statements.push(readsCall(name, spec, reader));
  }
  const title = `${kind.name} names ${kind.template}${kind.readable ? " and reads it back" : ""}`;
  const body = statements.map((statement) => `  ${statement.replaceAll("\n", "\n  ")}`);
  return [`test(${quote(title)}, () => {`, ...body, "});"].join("\n");
}

function readsCall(name: string, spec: CatalogueSpec, reader: Reader): string {
  const readings = reader.read(name).map(({ kind, parameters, values }) => {
    const shown = values.map((value, at) => valueCode(defined(parameters[at]), value, spec));
    return `${kind}: [${shown.join(", ")}]`;
  });
  return `reads(${spec.name}, ${quote(name)}, ${onePerLine("{", readings, "}")});`;
}

/** A value as the generated code writes it: a number without quotes. */
function valueCode(parameter: string, value: string, spec: CatalogueSpec): string {
  return spec.parameters.get(parameter)?.range ? value : quote(value);
}

/**
 * Names that are nearly one of the kind's: a backup copy, a line break at the end, an empty value,
 * another beginning or end, a zero in front of a number.
 */
function nearMisses(name: string, kind: Kind, spec: CatalogueSpec): readonly string[] {
  const [row = {}] = exampleRows(kind, spec);
  const emptied = kind.parameters.map((parameter) => renderName(kind, { ...row, [parameter]: "" }));
  const padded = kind.parameters
    .filter((parameter) => spec.parameters.get(parameter)?.range)
    .map((parameter) => renderName(kind, { ...row, [parameter]: `0${row[parameter]}` }));
  const [firstLetter = ""] = name;
  return [
    `${name}~`,
    `${name}.bak`,
    `${name}\n`,
    `x${name}`,
    name.slice(firstLetter.length),
    ...emptied,
    ...padded,
  ].filter(isFileName);
}
