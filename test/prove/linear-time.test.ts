import fc from "fast-check";
import { analyse } from "scslre";
import { describe, expect, test } from "vitest";
import { languageOfPattern, languagesOf } from "../../codegen/automata/languages.js";
import { MOST_TRIES } from "../../codegen/automata/limits.js";
import { slowInput } from "../../codegen/automata/linear-time.js";
import { hasNullableRound, isNullable, mostTries, sourceOf, tree } from "./matcher.js";
import { specOf } from "./spec.js";

const SEED = 20260303;
const solid = tree.filter((pattern) => !isNullable(pattern));

function slow(pattern: string): ReturnType<typeof slowInput> {
  return slowInput(languageOfPattern(pattern));
}

describe("a pattern that is said to be fast", () => {
  test("tries nothing more than 32 times at one place, on any text", () => {
    const letters = fc.stringMatching(/^[ab-]{1,4}$/u);
    let fast = 0;
    fc.assert(
      fc.property(
        solid,
        fc.array(fc.tuple(letters, letters), { maxLength: 12 }),
        (pattern, texts) => {
          if (slow(sourceOf(pattern)) !== null) return;
          fast++;
          for (const [head, pump] of texts) {
            const text = head + pump.repeat(40 / pump.length);
            expect(mostTries(pattern, text, MOST_TRIES, true), text).toBeLessThanOrEqual(
              MOST_TRIES,
            );
          }
        },
      ),
      { seed: SEED, numRuns: 3_000 },
    );
    expect(fast).toBeGreaterThan(1_000);
  });

  test("stays fast between literals, so that kinds with one parameter need no proof of their own", () => {
    const text = fc.constantFrom("", "a", "-", "ab-", "b-a");
    fc.assert(
      fc.property(solid, text, text, (pattern, before, after) => {
        const source = sourceOf(pattern);
        fc.pre(slow(source) === null);
        const spec = specOf({ p: source }, { Kind: `${before}{p}${after}` });
        const [kind] = spec.kinds;
        if (kind !== undefined) expect(slowInput(languagesOf(spec).of(kind))).toBeNull();
      }),
      { seed: SEED, numRuns: 1_500 },
    );
  });

  test.each([
    "[^/]+",
    "[^-]+",
    "\\d{8}T\\d{6}",
    "[a-z]+(?:-[a-z]+)*",
    "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}",
    "(?:[a-z]+|[a-z0-9]+)",
    "\\p{L}[\\p{L}\\p{N}_]{0,62}",
  ])("%s is one", (pattern) => {
    expect(slow(pattern)).toBeNull();
  });
});

describe("a pattern that is said to be slow", () => {
  test("tries something more than 32 times at one place of its witness", () => {
    let found = 0;
    fc.assert(
      fc.property(solid, (pattern) => {
        // A round that takes nothing is refused after it was tried; the proof counts it as if it went on.
        fc.pre(!hasNullableRound(pattern));
        const input = slow(sourceOf(pattern));
        if (input === null) return;
        found++;
        const times =
          input.pump === "" ? 0 : Math.floor((255 - input.head.length) / input.pump.length);
        const text = input.head + input.pump.repeat(times);
        expect(mostTries(pattern, text, MOST_TRIES, false), text).toBeGreaterThan(MOST_TRIES);
      }),
      { seed: SEED, numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(200);
  });

  test("is one in which scslre finds a repetition of one character that is slow", () => {
    let found = 0;
    fc.assert(
      fc.property(solid, (pattern) => {
        const source = sourceOf(pattern);
        const { reports } = analyse(
          { source: `^(?:${source})$`, flags: "u" },
          { reportTypes: { Move: false }, assumeRejectingSuffix: true },
        );
        if (reports.length === 0) return;
        found++;
        expect(slow(source), source).not.toBeNull();
      }),
      { seed: SEED, numRuns: 3_000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  test.each([
    ["(?:a+)+", "", "a"],
    ["(?:a|b|ab)+", "", "ab"],
    ["x[a-e]+[0-9]*[a-e]+", "x", "a"],
    ["(?:ab)+c?(?:ab)+", "", "ab"],
    ["(?:a|a)(?:a?){20}a{20}", "", "a"],
  ])("%s: %j and then %j", (pattern, head, pump) => {
    expect(slow(pattern)).toMatchObject({ head, pump });
  });
});
