import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languageOfPattern } from "../../codegen/automata/languages.js";
import { slowInput } from "../../codegen/automata/linear-time.js";
import { isWord } from "../../codegen/automata/pattern-words.js";
import { integersIn } from "../../codegen/spec/integer-pattern.js";
import { compile } from "../../codegen/spec/pattern.js";

const SEED = 20260404;

const range = fc
  .oneof(
    fc.tuple(fc.integer({ min: -120, max: 120 }), fc.integer({ min: -120, max: 120 })),
    fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: 0, max: 9_999 })),
    fc.tuple(fc.maxSafeInteger(), fc.maxSafeInteger()),
  )
  .map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));

describe("the pattern of a range of whole numbers", () => {
  test("matches every number of a small range, and none beside it", () => {
    for (let min = -31; min <= 31; min++) {
      for (let max = min; max <= 131; max += 3) {
        const regex = compile(integersIn({ min, max }));
        const matched = [];
        for (let number = -150; number <= 150; number++)
          if (regex.test(String(number))) matched.push(number);
        expect(matched, `${min} to ${max}: ${regex.source}`).toEqual(
          Array.from({ length: max - min + 1 }, (_, at) => min + at),
        );
      }
    }
  });

  test("matches a number exactly if it is in the range, and is written as JavaScript writes it", () => {
    const ends = ["0", "00", "-0", "", "-", "+1", "1.0", "1e3", "01", "-01", "9007199254740992"];
    fc.assert(
      fc.property(range, fc.array(fc.maxSafeInteger()), ({ min, max }, others) => {
        const pattern = integersIn({ min, max });
        const regex = compile(pattern);
        const edges = [min, max].flatMap((edge) => [edge - 1, edge, edge + 1, edge * 10, -edge]);
        for (const text of [...ends, ...[...edges, ...others].map(String)]) {
          const number = Number(text);
          const isIn = String(number) === text && number >= min && number <= max;
          expect(regex.test(text), `${text} in ${min} to ${max}: ${pattern}`).toBe(isIn);
          expect(isWord(pattern, text)).toBe(isIn);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test("is never slow", () => {
    fc.assert(
      fc.property(range, (bounds) => {
        expect(slowInput(languageOfPattern(integersIn(bounds)))).toBe(null);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
