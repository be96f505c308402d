import { type SourceFileStructure, StructureKind, VariableDeclarationKind } from "ts-morph";
import { byCodeUnit } from "../by-code-unit.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Overlap, Proof } from "../model.js";
import { plainComment, prose } from "./comments.js";
import { inImportOrder } from "./import-order.js";
import { argsEndingIn, array, indent, type Layout, LINE_WIDTH, line, print } from "./layout.js";
import { overlapsByOwner } from "./overlaps.js";
import type { Slots } from "./slots.js";
import { quote } from "./text.js";

/** The index: every kind, their union, and the catalogue that asks them in reading order. */
export function indexFile(
  spec: CatalogueSpec,
  proof: Proof,
  slots: Slots,
): Omit<SourceFileStructure, "kind"> {
  const names = spec.kinds.map(({ name }) => name);
  const imported = names.toSorted(inImportOrder);
  return {
    statements: [
      {
        kind: StructureKind.ImportDeclaration,
        moduleSpecifier: spec.runtime,
        namedImports: ["Catalogue"],
      },
      ...imported.map((name) => ({
        kind: StructureKind.ImportDeclaration as const,
        moduleSpecifier: `./${name}.js`,
        namedImports: [name],
      })),
      {
        kind: StructureKind.ExportDeclaration,
        leadingTrivia: "\n",
        namedExports: imported,
      },
      {
        kind: StructureKind.TypeAlias,
        isExported: true,
        docs: ["Any lock of this catalogue; its `kind` tells which."],
        leadingTrivia: "\n",
        name: "Lock",
        type: names.toSorted(byCodeUnit).join(" | "),
      },
      {
        kind: StructureKind.VariableStatement,
        isExported: true,
        declarationKind: VariableDeclarationKind.Const,
        docs: [plainComment(...(spec.description === null ? [] : prose(spec.description)), ORDER)],
        leadingTrivia: "\n",
        declarations: [
          {
            name: spec.name,
            type: "Catalogue<Lock>",
            initializer: slots.put(catalogue(spec, proof)),
          },
        ],
      },
    ],
  };
}

const ORDER =
  "The kinds stand in the order in which a name is read: the most specific first.".split(" ");

function catalogue(spec: CatalogueSpec, proof: Proof): string {
  const overlaps = overlapsByOwner(proof);
  const readable = new Set(proof.readingOrder);
  // Kinds whose names are not read back are in the catalogue too, where their place means nothing.
  const unread = spec.kinds.map(({ name }) => name).filter((name) => !readable.has(name));
  const names = [...proof.readingOrder, ...unread.toSorted(byCodeUnit)];
  const comments = names.map((name) => reasons(overlaps.get(name) ?? []));
  const items = names.map(
    (name, index): Layout => [...defined(comments[index]).flatMap((one) => [one, line]), name],
  );
  const kinds = array(items);
  const isCommented = comments.some((list) => list.length > 0);
  const before = `export const ${spec.name}: Catalogue<Lock> =`;
  const list = isCommented ? { ...kinds, fitting: kinds.open } : kinds;
  const open = "new Catalogue<Lock>";
  const call = [open, argsEndingIn([quote(spec.name)], list), ";"];
  // The formatter breaks after the sign where not even the opening parenthesis fits before.
  const fits = `${before} ${open}(`.length <= LINE_WIDTH;
  return print([before, fits ? [" ", ...call] : indent(line, ...call)], 0)
    .slice(before.length, -1)
    .replace(/^ /u, "");
}

/** Why a kind stands before others, a line for each name that shows it. */
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
