import path from "node:path";
import { StructureKind } from "ts-morph";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Proof, Tests } from "../model.js";
import { byCodeUnit } from "../order.js";
import { exampleRows, isFileName, renderName } from "./names.js";
import { type FileStructure, onePerLine } from "./print.js";
import { overlapsByOwner, Reader } from "./readings.js";
import { quote } from "./text.js";

/**
 * The emitted tests: for each kind, names made and read back, and which kinds read names like them.
 */
export function truthTable(
  spec: CatalogueSpec,
  { file, runner }: Tests,
  proof: Proof,
): FileStructure {
  const reader = new Reader(spec, proof.readingOrder);
  const witnesses = overlapsByOwner(proof);
  const names = (isDeprecated: boolean) =>
    spec.kinds
      .filter((kind) => (kind.deprecated !== null) === isDeprecated)
      .map(({ name }) => name);
  const imported = [spec.name, ...names(false)].toSorted(byCodeUnit);
  const seen = new Set<string>();
  const output = path.posix.relative(path.posix.dirname(file), spec.output);
  /** How the tests import what is at a path from the output. */
  const specifier = (target: string) => {
    const module = path.posix.join(output, target);
    return module.startsWith("../") ? module : `./${module}`;
  };
  const helper = helperOf(spec.runtime);
  const kinds = new Map(spec.kinds.map((kind) => [kind.name, kind]));
  const tests = spec.kinds.map((kind) => {
    const also = (witnesses.get(kind.name) ?? []).map(({ other, witness }) =>
      pathOf(witness, kind, kinds.get(other)),
    );
    const call = kindTest(kind, spec, reader, also, seen);
    // Node.js answers with a promise, which linters with types do not let go unnoticed.
    return runner === "node" && spec.language === "typescript" ? `void ${call}` : call;
  });
  return {
    statements: [
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: RUNNERS[runner],
        namedImports: ["test"],
      },
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: helper.startsWith(".") ? specifier(helper) : helper,
        namedImports: ["reads", "roundTrip"],
      },
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: specifier(`index${spec.imports}`),
        namedImports: (writer) =>
          writer.write(imported.map((name) => `\n${name},`).join("")).newLine(),
      },
      // The index deprecates them; their own files do not.
      ...names(true)
        .toSorted(byCodeUnit)
        .map((name) => ({
          kind: StructureKind.ImportDeclaration as const,
          moduleSpecifier: specifier(`${name}${spec.imports}`),
          namedImports: [name],
        })),
      (writer) => writer.write(tests.map((test) => `\n${test}`).join("\n")),
    ],
  };
}

/** The module that exports `test`, by what runs the tests. */
const RUNNERS: Readonly<Record<Tests["runner"], string>> = {
  vitest: "vitest",
  jest: "@jest/globals",
  node: "node:test",
};

/** The module of the test helper beside the runtime. */
function helperOf(runtime: string): string {
  if (runtime.startsWith(".")) return runtime.replace(/[^/]+(?=\.[cm]?[jt]s$)/u, "testing");
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
  const own = (name: string) => pathOf(name, kind);
  for (const name of [...names.map(own), ...witnesses, ...near.map(own)]) {
    if (seen.has(name)) continue;
    seen.add(name);
    statements.push(readsCall(name, spec, reader));
  }
  const title = `${kind.name} names ${kind.template}${kind.readable ? " and reads it back" : ""}`;
  const body = statements.map((statement) => `  ${statement.replaceAll("\n", "\n  ")}`);
  return [`test(${quote(title)}, () => {`, ...body, "});"].join("\n");
}

/** A name; with the directory in front, if it is fixed and so decides who reads the name. */
function pathOf(name: string, ...kinds: readonly (Kind | undefined)[]): string {
  const fixed = kinds.find((kind) => kind?.directory?.env === null)?.directory?.path;
  return fixed === undefined ? name : path.posix.join(fixed, name);
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
