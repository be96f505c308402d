import type { Problem } from "../model.js";
import { descriptionProblems } from "./check-parameters.js";
import type { SpecText } from "./read-yaml.js";
import { didYouMean } from "./suggest.js";
import { isMapAt, keysAt, stringAt } from "./untyped.js";

/** What is wrong with what a kind says of its deprecation. Where it names another kind, that is not deprecated itself. */
export function deprecationProblems(
  spec: SpecText,
  kind: string,
  kinds: readonly string[],
): readonly Problem[] {
  const path = ["locks", kind, "deprecated"];
  const place = spec.places.key(path);
  if (isMapAt(spec, path) && keysAt(spec, path).length === 0) {
    return [{ place, message: '"deprecated" needs one of the keys since, use and note' }];
  }
  return [
    ...[path, [...path, "since"], [...path, "note"]].flatMap((at) => descriptionProblems(spec, at)),
    ...useProblems(spec, kind, [...path, "use"], kinds),
  ];
}

function useProblems(
  spec: SpecText,
  kind: string,
  path: readonly string[],
  kinds: readonly string[],
): readonly Problem[] {
  const use = stringAt(spec, path);
  if (use === null || use === "") return [];
  const place = spec.places.value(path);
  if (use === kind) {
    return [{ place, message: `"${kind}" cannot be used instead of itself: name another lock` }];
  }
  const known = new Set(kinds);
  if (!known.has(use)) {
    return [{ place, message: `there is no lock "${use}"${didYouMean(use, known)}` }];
  }
  const said = ["locks", use, "deprecated"];
  if (!spec.places.has(said)) return [];
  const message = `"${use}" is deprecated itself: name the lock to use instead of both`;
  return [
    { place, message, related: [{ place: spec.places.key(said), message: "it is so here" }] },
  ];
}
