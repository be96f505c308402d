import fc from "fast-check";
import { expect, test } from "vitest";
import { languagesOf } from "../../codegen/automata/languages.js";
import { commonName } from "../../codegen/automata/overlap.js";
import { pairsThatMeet } from "../../codegen/prove/joint-walk.js";
import { catalogue, crowded } from "./brute-force.js";

test.each(["forwards", "backwards"] as const)(
  "walked %s, kinds meet exactly if two by two they share a name",
  (direction) => {
    fc.assert(
      fc.property(fc.oneof(catalogue, crowded), (spec) => {
        const languages = languagesOf(spec);
        const all = spec.kinds.map((kind) => languages.of(kind));
        const expected = all.flatMap((low, at) =>
          all
            .map((high, other) => [high, other] as const)
            .filter(([high, other]) => other > at && commonName(low, high) !== null)
            .map(([, other]) => at * all.length + other),
        );
        const met = pairsThatMeet(all, direction, 1_000_000);
        expect([...(met ?? [])].sort((a, b) => a - b)).toEqual(expected);
      }),
      { seed: 20260404, numRuns: 1_500 },
    );
  },
);

test("a walk that takes more steps than allowed says so", () => {
  const [spec] = fc.sample(catalogue, { seed: 1, numRuns: 1 });
  const languages = spec === undefined ? [] : spec.kinds.map((kind) => languagesOf(spec).of(kind));
  expect(pairsThatMeet(languages, "forwards", 0)).toBeNull();
});
