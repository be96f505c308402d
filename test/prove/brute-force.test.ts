import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languagesOf } from "../../codegen/automata/languages.js";
import { nameOutside, overlap } from "../../codegen/automata/overlap.js";
import { readings } from "../../codegen/automata/readings.js";
import type { CatalogueSpec, Kind } from "../../codegen/model.js";
import { ambiguousName } from "../../codegen/prove/one-reading.js";
import { catalogue, cuts, DIGITS, listed, numbered, regexOf, words } from "./brute-force.js";

const SEED = 20260101;
const texts = fc.oneof({ weight: 2, arbitrary: catalogue }, { weight: 1, arbitrary: listed });

/** A witness has to hold by itself; and it is as short as the enumeration's, unless that found none. */
function compareWith(names: readonly string[], longest: number) {
  return (ours: string | null, holds: (name: string) => boolean): void => {
    const theirs = names.find(holds);
    if (ours !== null) expect(holds(ours), `the witness ${ours}`).toBe(true);
    if (theirs !== undefined) expect(ours?.length).toBe(theirs.length);
    else if (ours !== null) expect(ours.length).toBeGreaterThan(longest);
  };
}

function memberOf(kind: Kind, spec: CatalogueSpec): (name: string) => boolean {
  const regex = regexOf(kind, spec);
  return (name) => regex.test(name);
}

describe.each([
  ["patterns and lists of values", texts, words(6), 6, 1_000],
  ["whole numbers", numbered, words(5, DIGITS), 5, 500],
] as const)("against the enumeration of all names, with %s,", (_, any, all, longest, numRuns) => {
  const compare = compareWith(all, longest);

  test("a kind is said to have a name exactly if it has one, and the shortest is told", () => {
    fc.assert(
      fc.property(any, (spec) => {
        const languages = languagesOf(spec);
        for (const kind of spec.kinds)
          compare(nameOutside(languages.of(kind)), memberOf(kind, spec));
      }),
      { seed: SEED, numRuns },
    );
  });

  test("a kind is ambiguous exactly if some name can be cut in two ways, and the shortest is told", () => {
    fc.assert(
      fc.property(any, (spec) => {
        const languages = languagesOf(spec);
        for (const kind of spec.kinds) {
          const twice = (name: string): boolean => cuts(kind, spec, name).length > 1;
          const regex = regexOf(kind, spec);
          const ours = ambiguousName(languages.of(kind));
          if (ours !== null) expect(twice(ours), ours).toBe(true);
          const theirs = all.find((name) => regex.test(name) && twice(name));
          if (theirs !== undefined) expect(ours?.length).toBe(theirs.length);
          else if (ours !== null) expect(ours.length).toBeGreaterThan(longest);
        }
      }),
      { seed: SEED, numRuns },
    );
  });

  test("the readings of a name are exactly the ways to cut it", () => {
    fc.assert(
      fc.property(any, fc.array(fc.nat(all.length - 1), { maxLength: 8 }), (spec, picks) => {
        const languages = languagesOf(spec);
        for (const kind of spec.kinds) {
          const names = picks.map((pick) => all[pick] ?? "");
          for (const name of [...names, ...all.filter(memberOf(kind, spec)).slice(0, 8)]) {
            const ours = [...readings(kind, languages.of(kind), name)].map((reading) => [
              ...reading.values(),
            ]);
            expect(ours.sort()).toEqual(cuts(kind, spec, name).sort());
          }
        }
      }),
      { seed: SEED, numRuns },
    );
  });

  test("two kinds share, contain, equal or exclude each other exactly as their names do", () => {
    fc.assert(
      fc.property(any, (spec) => {
        const languages = languagesOf(spec);
        const [first, second] = spec.kinds;
        if (first === undefined || second === undefined) return;
        const [inFirst, inSecond] = [memberOf(first, spec), memberOf(second, spec)];
        const common = overlap(languages.of(first), languages.of(second));
        compare(common?.witness ?? null, (name) => inFirst(name) && inSecond(name));
        if (common === null) return;
        compare(common.onlyFirst, (name) => inFirst(name) && !inSecond(name));
        compare(common.onlySecond, (name) => !inFirst(name) && inSecond(name));
        const relations = {
          equal: [true, true],
          within: [true, false],
          contains: [false, true],
          partial: [false, false],
        };
        expect([common.onlyFirst === null, common.onlySecond === null]).toEqual(
          relations[common.relation],
        );
      }),
      { seed: SEED, numRuns: 4 * numRuns },
    );
  });
});
