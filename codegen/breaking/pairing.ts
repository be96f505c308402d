import { defined } from "../defined.js";
import type { CatalogueSpec, Kind } from "../model.js";

/** A kind of the old catalogue and what has become of it. */
export interface Pair {
  readonly before: Kind;
  readonly after: Kind;
  /** The new name of each parameter, by its old name; `null` if their number has changed. */
  readonly parameters: ReadonlyMap<string, string> | null;
}

/** The kinds of two catalogues, side by side. */
export interface Pairing {
  readonly pairs: readonly Pair[];
  readonly removed: readonly Kind[];
  readonly added: readonly Kind[];
}

/**
 * Pairs the kinds of two catalogues by their names. A kind that is gone is paired with a new one
 * that has its template: the same, or at least one that differs in the names of the parameters only.
 */
export function pairKinds(before: CatalogueSpec, after: CatalogueSpec): Pairing {
  const byName = new Map(after.kinds.map((kind) => [kind.name, kind]));
  const successors = new Map<Kind, Kind>();
  const free = new Set(after.kinds);
  const settle = (old: Kind, next: Kind | undefined) => {
    if (next === undefined || !free.delete(next)) return;
    successors.set(old, next);
  };
  for (const kind of before.kinds) settle(kind, byName.get(kind.name));
  for (const key of [pathOf, (kind: Kind) => kind.template, shapeOf]) {
    const candidates = new Map(Array.from(free, (kind) => [key(kind), kind]));
    for (const kind of before.kinds) {
      if (!successors.has(kind)) settle(kind, candidates.get(key(kind)));
    }
  }
  return {
    pairs: Array.from(successors, ([old, next]) => ({
      before: old,
      after: next,
      parameters: pairParameters(old.parameters, next.parameters),
    })),
    removed: before.kinds.filter((kind) => !successors.has(kind)),
    added: [...free],
  };
}

/** By name; those that are left, in order. */
function pairParameters(
  before: readonly string[],
  after: readonly string[],
): ReadonlyMap<string, string> | null {
  if (before.length !== after.length) return null;
  const left = after.filter((name) => !before.includes(name));
  return new Map(
    before.map((name) => [name, after.includes(name) ? name : defined(left.shift())] as const),
  );
}

/** A template in its directory: several kinds may have one name in several. */
function pathOf({ template, directory }: Kind): string {
  return JSON.stringify([directory?.path, template]);
}

/** A template without the names of its parameters. */
function shapeOf(kind: Kind): string {
  return JSON.stringify(kind.tokens.map((token) => ("literal" in token ? token.literal : null)));
}
