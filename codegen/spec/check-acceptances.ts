import type { Problem } from "../model.js";
import { descriptionProblems } from "./check-parameters.js";
import type { SpecText } from "./read-yaml.js";
import { itemsAt, stringAt, stringsAt } from "./untyped.js";

/**
 * What is wrong with `accept`. Locks and parameters may be gone from the spec, as removal is what an acceptance may be
 * about; `breaking` tells of those that accept nothing.
 */
export function acceptanceProblems(spec: SpecText): readonly Problem[] {
  const seen = new Map<string, readonly string[]>();
  return itemsAt(spec, ["accept"]).flatMap((path): readonly Problem[] => {
    const problems = descriptionProblems(spec, [...path, "reason"]);
    const rule = stringAt(spec, [...path, "rule"]);
    if (rule === null) return problems;
    const lock = stringAt(spec, [...path, "lock"]);
    const locks =
      lock === null ? stringsAt(spec, [...path, "lock"]).map(({ text }) => text) : [lock];
    const parameter = stringAt(spec, [...path, "parameter"]);
    const isWide = locks.length === 0 && parameter === null;
    if (isWide && rule !== "catalogue-renamed") {
      const message = 'an acceptance needs the key "lock" or "parameter", to be of these alone';
      return [...problems, { place: spec.places.value([...path, "rule"]), message }];
    }
    const key = JSON.stringify([rule, locks.toSorted(), parameter]);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, path);
      return problems;
    }
    const message = "the same is accepted twice: remove one";
    const related = [{ place: spec.places.value([...first, "rule"]), message: "it is here too" }];
    return [...problems, { place: spec.places.value([...path, "rule"]), message, related }];
  });
}
