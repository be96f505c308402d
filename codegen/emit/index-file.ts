import { StructureKind, VariableDeclarationKind } from "ts-morph";
import { defined } from "../defined.js";
import type { CatalogueSpec, Overlap, Proof } from "../model.js";
import { byCodeUnit, kindsInOrder } from "../order.js";
import { ERRORS } from "../spec/check-names.js";
import { type FileStructure, onePerLine, verbatim } from "./print.js";
import { overlapsByOwner } from "./readings.js";
import { comment, deprecation, prose, quote } from "./text.js";

/** The index: every kind, their union, the errors to catch, and the catalogue that asks them in reading order. */
export function indexFile(spec: CatalogueSpec, proof: Proof): FileStructure {
  const names = spec.kinds.map(({ name }) => name).toSorted(byCodeUnit);
  return {
    statements: [
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: spec.runtime,
        namedImports: ["Catalogue"],
      },
      ...names.map((name) => ({
        kind: StructureKind.ImportDeclaration as const,
        moduleSpecifier: `./${name}${spec.imports}`,
        namedImports: [name],
      })),
      (writer) => writer.write(`\n${exportList(spec)}\n\n${errorList(spec)}`),
      {
        kind: StructureKind.TypeAlias,
        leadingTrivia: "\n",
        docs: ["Any lock of this catalogue; `kind` says which."],
        isExported: true,
        name: "Lock",
        type: names.map((name) => `\n| ${name}`).join(""),
      },
      {
        kind: StructureKind.VariableStatement,
        leadingTrivia: "\n",
        docs: [comment([...prose(spec.description ?? ""), ORDER])],
        isExported: true,
        declarationKind: VariableDeclarationKind.Const,
        declarations: [
          {
            name: spec.name,
            type: "Catalogue<Lock>",
            initializer: verbatim(
              `new Catalogue<Lock>(${quote(spec.name)}, ${kindList(spec, proof)})`,
            ),
          },
        ],
      },
    ],
  };
}

/**
 * The kinds, for other modules. The tag of a deprecated one stands here and not on its class, which
 * its own file, this one and the tests use: linters would report all of them to the user.
 */
function exportList(spec: CatalogueSpec): string {
  const items = spec.kinds
    .toSorted((a, b) => byCodeUnit(a.name, b.name))
    .map(({ name, deprecated }) => {
      if (deprecated === null) return name;
      const words = deprecation(deprecated, (use) => `{@link ${use}}`).flat();
      return `/** @deprecated ${words.join(" ")} */\n${name}`;
    });
  return onePerLine("export {", items, "};");
}

/** The errors of the runtime: who catches one imports it from where the kinds are, and from the same copy. */
function errorList(spec: CatalogueSpec): string {
  return onePerLine("export {", ERRORS, `} from ${quote(spec.runtime)};`);
}

const ORDER =
  "The kinds are listed in the order in which a name is read: the most specific first.".split(" ");

/** The kinds in reading order, each with the reason if it stands before others. */
function kindList(spec: CatalogueSpec, proof: Proof): string {
  const overlaps = overlapsByOwner(proof);
  const items = kindsInOrder(spec, proof).map(({ name }) =>
    [...reasons(overlaps.get(name) ?? []), name].join("\n"),
  );
  return onePerLine("[", items, "]");
}

/** Why a kind stands before others: one comment for each name that shows it. */
function reasons(overlaps: readonly Overlap[]): readonly string[] {
  const groups = new Map<string, Overlap[]>();
  for (const overlap of overlaps) {
    const key = `${overlap.reason} ${overlap.witness}`;
    groups.set(key, [...(groups.get(key) ?? []), overlap]);
  }
  return [...groups.values()].map((group) => {
    const others = group.map(({ other }) => other).join(" and ");
    const { witness, reason } = defined(group[0]);
    const also = `which also ${group.length === 1 ? "reads" : "read"} ${quote(witness)}`;
    const settled = reason === "precedes" ? ": the spec says which precedes" : "";
    return `// Before ${others}, ${also}${settled}.`;
  });
}
