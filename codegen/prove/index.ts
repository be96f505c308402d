import { languagesOf } from "../automata/languages.js";
import type { CatalogueSpec, Kind, Neighbour, Overlap, Problem, Proof } from "../model.js";
import { foldingsOf } from "./folding.js";
import { together } from "./neighbours.js";
import { kindCheck } from "./one-kind.js";
import { oneOwner } from "./one-owner.js";
import { checkParameters } from "./parameters.js";

/**
 * Proves that every name of a catalogue has one reading and one owner, and that no regex of it is slow; or
 * says what is wrong with it, with a name that shows it.
 *
 * That reading and naming undo each other follows: a kind's regex and its names come from one list of tokens,
 * so that the regex accepts a name exactly if some values give it. With one reading these values are the only
 * ones, and whatever way the regex engine takes, it finds them. It would fail for values whose name is no file
 * name: `.` and `..` are a problem here, and names over 255 bytes the runtime refuses to make or to read.
 */
export function prove(spec: CatalogueSpec, neighbours: readonly Neighbour[] = []): Proof {
  const parameters = checkParameters(spec);
  const checked = spec.kinds.filter(
    (kind) => !kind.parameters.some((parameter) => parameters.undecided.has(parameter)),
  );
  const languages = languagesOf({ ...spec, kinds: checked });
  const check = kindCheck(spec, languages, parameters.slow);
  const problems: Problem[] = [];
  const comparable: Kind[] = [];
  for (const kind of checked) {
    const findings = check(kind);
    problems.push(...findings.problems);
    if (findings.comparable) comparable.push(kind);
  }
  const ownership = oneOwner(comparable, spec, languages);
  const shared = beside(spec, comparable, neighbours);
  // Not pushed as arguments: a call has room for some 100,000.
  const all = [...parameters.problems, ...problems, ...(shared ?? ownership).problems].sort(
    (a, b) => a.place.start - b.place.start || a.place.end - b.place.end,
  );
  return {
    problems: all,
    readingOrder: ownership.readingOrder,
    overlaps: ownership.overlaps,
    overlapsBeside: shared?.overlaps ?? [],
    foldings: all.length > 0 ? [] : foldingsOf(spec, languages, ownership.overlaps),
  };
}

/**
 * The same question of all catalogues in the directory: what is wrong, and which names this one shares with the others.
 * In which order this one reads its names does not depend on them.
 */
function beside(
  spec: CatalogueSpec,
  own: readonly Kind[],
  neighbours: readonly Neighbour[],
): { readonly problems: readonly Problem[]; readonly overlaps: readonly Overlap[] } | null {
  if (neighbours.length === 0) return null;
  const all = together(spec, own, neighbours);
  const { problems, overlaps } = oneOwner(all.kinds, all, languagesOf(all));
  const names = new Set(own.map(({ name }) => name));
  return {
    problems,
    overlaps: overlaps.filter(({ owner, other }) => names.has(owner) !== names.has(other)),
  };
}
