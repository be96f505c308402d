import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languagesOf } from "../../codegen/automata/languages.js";
import { nameOutside, overlap } from "../../codegen/automata/overlap.js";
import { readings } from "../../codegen/automata/readings.js";
import type { CatalogueSpec, Kind } from "../../codegen/model.js";
import { ambiguousName } from "../../codegen/prove/one-reading.js";
import { catalogue, cuts, listed, regexOf, words } from "./brute-force.js";

const SEED = 20260101;
const WORDS = words(6);
const LONGEST = 6;
const any = fc.oneof({ weight: 2, arbitrary: catalogue }, { weight: 1, arbitrary: listed });

/** The shortest word of the enumeration that satisfies `holds`. */
function shortest(holds: (word: string) => boolean): string | null {
  return WORDS.find(holds) ?? null;
}

/** A witness has to hold by itself; and it is as short as the enumeration's, unless that found none. */
function compare(ours: string | null, holds: (name: string) => boolean): void {
  const theirs = shortest(holds);
  if (ours !== null) expect(holds(ours), `the witness ${ours}`).toBe(true);
  if (theirs !== null) expect(ours?.length).toBe(theirs.length);
  else if (ours !== null) expect(ours.length).toBeGreaterThan(LONGEST);
}

function memberOf(kind: Kind, spec: CatalogueSpec): (name: string) => boolean {
  const regex = regexOf(kind, spec);
  return (name) => regex.test(name);
}

describe("against the enumeration of all names", () => {
  test("a kind is said to have a name exactly if it has one, and the shortest is told", () => {
    fc.assert(
      fc.property(any, (spec) => {
        const languages = languagesOf(spec);
        for (const kind of spec.kinds)
          compare(nameOutside(languages.of(kind)), memberOf(kind, spec));
      }),
      { seed: SEED, numRuns: 1_000 },
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
          const theirs = shortest((name) => regex.test(name) && twice(name));
          if (theirs !== null) expect(ours?.length).toBe(theirs.length);
          else if (ours !== null) expect(ours.length).toBeGreaterThan(LONGEST);
        }
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test("the readings of a name are exactly the ways to cut it", () => {
    fc.assert(
      fc.property(any, fc.array(fc.nat(WORDS.length - 1), { maxLength: 8 }), (spec, picks) => {
        const languages = languagesOf(spec);
        for (const kind of spec.kinds) {
          const names = picks.map((pick) => WORDS[pick] ?? "");
          for (const name of [...names, ...WORDS.filter(memberOf(kind, spec)).slice(0, 8)]) {
            const ours = [...readings(kind, languages.of(kind), name)].map((reading) => [
              ...reading.values(),
            ]);
            expect(ours.sort()).toEqual(cuts(kind, spec, name).sort());
          }
        }
      }),
      { seed: SEED, numRuns: 1_000 },
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
      { seed: SEED, numRuns: 4_000 },
    );
  });
});
