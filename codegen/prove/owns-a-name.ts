import type { Languages } from "../automata/languages.js";
import { unlessTooComplex } from "../automata/limits.js";
import { nameOutside } from "../automata/overlap.js";
import { accepts } from "../automata/readings.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Overlap, Problem } from "../model.js";
import { ownsNothing, plain } from "./messages.js";
import { says } from "./pairs.js";
import { exampleNames } from "./witness.js";

/**
 * Finds the kinds that own no name: each of their names is another kind's, so that `identify` never answers
 * with them. That is a problem, unless the kinds that say `precedes` of such a kind take all its names by
 * themselves: then it was meant, as for the old name of a kind that was renamed.
 */
export function checkOwnership(
  kinds: readonly Kind[],
  overlaps: readonly Overlap[],
  spec: CatalogueSpec,
  languages: Languages,
): Problem[] {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const ownersOf = new Map<string, Kind[]>();
  for (const { owner, other } of overlaps) {
    const kind = byName.get(owner);
    if (kind === undefined) continue;
    const owners = ownersOf.get(other);
    if (owners === undefined) ownersOf.set(other, [kind]);
    else owners.push(kind);
  }
  return kinds.flatMap((kind) => {
    const owners = ownersOf.get(kind.name) ?? [];
    const problem = owners.length === 0 ? null : checkOwner(kind, owners, spec, languages);
    return problem === null ? [] : [problem];
  });
}

function checkOwner(
  kind: Kind,
  owners: readonly Kind[],
  spec: CatalogueSpec,
  languages: Languages,
): Problem | null {
  const examples = exampleNames(kind, spec, languages);
  // Most often an example shows at once that something is left.
  const isFree = (name: string): boolean =>
    !owners.some((owner) => accepts(languages.of(owner), name));
  if (examples.some(isFree)) return null;
  const decide = (): Problem | null => {
    const left = (taken: readonly Kind[]): string | null =>
      nameOutside(languages.of(kind), ...taken.map((owner) => languages.of(owner)));
    if (left(owners) !== null) return null;
    if (left(owners.filter((owner) => says(owner, kind))) === null) return null;
    return ownsNothing(kind, owners, examples[0] ?? defined(nameOutside(languages.of(kind))));
  };
  return unlessTooComplex(decide, (reason) =>
    plain(
      kind.templatePlace,
      `whether any name is left for ${kind.name} cannot be decided: ${reason}`,
      "Give a parameter an example whose name no narrower kind takes, or simplify its pattern.",
    ),
  );
}
