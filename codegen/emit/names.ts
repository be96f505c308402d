import { NAME_MAX } from "../../src/name.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind } from "../model.js";

/** A value for each parameter of a kind. */
export type Values = Readonly<Record<string, string>>;

/** The file name of a kind for the given values. */
export function renderName(kind: Kind, values: Values): string {
  return kind.tokens
    .map((token) => ("literal" in token ? token.literal : defined(values[token.parameter])))
    .join("");
}

/**
 * The example values of a kind, as many rows as the parameter with the most examples has; the
 * others begin anew. A kind without parameters has one empty row. Rows whose file name would be too
 * long are left out.
 */
export function exampleRows(kind: Kind, spec: CatalogueSpec): readonly Values[] {
  const columns = kind.parameters.map((name) => ({
    name,
    examples: defined(spec.parameters.get(name)).examples,
  }));
  const length = Math.max(1, ...columns.map(({ examples }) => examples.length));
  const rows = Array.from({ length }, (_, row) =>
    Object.fromEntries(
      columns.map(({ name, examples }) => [name, defined(examples[row % examples.length])]),
    ),
  );
  return rows.filter((row) => isFileName(renderName(kind, row)));
}

/** Whether a file can have this name, as far as length and the two names of directories go. */
export function isFileName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && Buffer.byteLength(name) <= NAME_MAX;
}
