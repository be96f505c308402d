import type { CatalogueSpec, Kind } from "../model.js";
import { sure } from "../sure.js";
import { LONGEST_FILE_NAME } from "../template.js";

/** A value for each parameter of a kind. */
export type Values = Readonly<Record<string, string>>;

/** The file name of a kind for the given values. */
export function renderName(kind: Kind, values: Values): string {
  return kind.tokens
    .map((token) => ("literal" in token ? token.literal : sure(values[token.parameter])))
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
    examples: sure(spec.parameters.get(name)).examples,
  }));
  const length = Math.max(1, ...columns.map(({ examples }) => examples.length));
  const rows = Array.from({ length }, (_, row) =>
    Object.fromEntries(
      columns.map(({ name, examples }) => [name, sure(examples[row % examples.length])]),
    ),
  );
  return rows.filter((row) => isFileName(renderName(kind, row)));
}

/** Whether a file can have this name, as far as length and the two names of directories go. */
export function isFileName(name: string): boolean {
  return (
    name !== "" && name !== "." && name !== ".." && Buffer.byteLength(name) <= LONGEST_FILE_NAME
  );
}
