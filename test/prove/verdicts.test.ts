import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languagesOf } from "../../codegen/automata/languages.js";
import { nameOutside, overlap } from "../../codegen/automata/overlap.js";
import type { CatalogueSpec, Proof } from "../../codegen/model.js";
import { prove } from "../../codegen/prove/index.js";
import { ambiguousName } from "../../codegen/prove/one-reading.js";
import {
  catalogue,
  crowded,
  cuts,
  DIGITS,
  numbered,
  regexOf,
  turning,
  withKindsInAnyOrder,
  words,
} from "./brute-force.js";
import { LONGEST, oracle, WORDS } from "./oracle.js";

const SEED = 20260202;

const NUMBERS = words(LONGEST, DIGITS);

/** The sorts of problems, and what their first lines have to say. */
const SORTS: readonly (readonly [RegExp, string])[] = [
  [/which is a directory/u, "dots"],
  [/has no name that fits/u, "nameless"],
  [/in two ways/u, "two readings"],
  [/both claim the name/u, "two owners"],
  [/\(readable: false\) makes/u, "unreadable claim"],
  [/nothing to settle/u, "needless precedes"],
  [/never asked for a name/u, "unreadable precedes"],
  [/would then own no name/u, "wider precedes"],
  [/reading order/u, "circle"],
  [/owns no name/u, "owns nothing"],
];

/** What a problem is about: its sort, and the kinds that its first line names. */
function verdictsOf(proof: Proof): string[] {
  return proof.problems
    .map(({ message }) => message.split("\n")[0] ?? "")
    .filter((line) => !line.includes("can be slow"))
    .map((line) => {
      const sort = SORTS.find(([sign]) => sign.test(line))?.[1] ?? line;
      const bare = line.replace(/: all of them.*|"[^"]*"/gu, "");
      return [sort, ...new Set((sort === "circle" ? "" : bare).match(/\b[A-E]\b/gu))]
        .sort()
        .join(" ");
    })
    .sort();
}

/** Whether words of the enumerated length are enough to tell everything that can be told. */
function isVisible(spec: CatalogueSpec): boolean {
  const languages = languagesOf(spec);
  const short = (name: string | null): boolean => name === null || name.length <= LONGEST;
  return spec.kinds.every((kind) => {
    const language = languages.of(kind);
    const others = spec.kinds.filter((other) => other !== kind).map((other) => languages.of(other));
    const commons = others.map((other) => overlap(language, other));
    const takers = others.filter((_, index) => commons[index] !== null);
    return (
      short(nameOutside(language)) &&
      short(ambiguousName(language)) &&
      // Which kinds come first is the oracle's to find, so every choice of them has to be visible.
      subsets(takers).every((some) => short(nameOutside(language, ...some))) &&
      commons.every(
        (common) =>
          common === null ||
          (short(common.witness) && short(common.onlyFirst) && short(common.onlySecond)),
      )
    );
  });
}

function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((some) => [some, [first, ...some]]);
}

describe("the verdict on a catalogue", () => {
  test("is the one that lists of names give", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.oneof(catalogue, crowded, turning), (spec) => {
        fc.pre(isVisible(spec));
        const verdicts = verdictsOf(prove(spec)).map((verdict) =>
          verdict.replace(/^circle.*/u, "circle"),
        );
        expect([...new Set(verdicts)]).toEqual([...new Set(oracle(spec))]);
        for (const verdict of [...verdicts, ...(verdicts.length === 0 ? ["fine"] : [])]) {
          const sort = verdict.replace(/\b[A-E]\b/gu, "").trim();
          seen.set(sort, (seen.get(sort) ?? 0) + 1);
        }
      }),
      { seed: SEED, numRuns: 12_000 },
    );
    // A sort of verdict that random catalogues never meet would be a sort that is not tested.
    for (const sort of [...SORTS.map(([, sort]) => sort), "fine"]) {
      if (sort !== "nameless") expect(seen.get(sort), sort).toBeGreaterThan(10);
    }
  });

  test("is so with whole numbers", () => {
    const seen = new Map<string, number>();
    const all = words(LONGEST, DIGITS);
    fc.assert(
      fc.property(numbered, (spec) => {
        fc.pre(isVisible(spec));
        const verdicts = verdictsOf(prove(spec)).map((verdict) =>
          verdict.replace(/^circle.*/u, "circle"),
        );
        expect([...new Set(verdicts)]).toEqual([...new Set(oracle(spec, all))]);
        for (const verdict of [...verdicts, ...(verdicts.length === 0 ? ["fine"] : [])]) {
          const sort = verdict.replace(/\b[A-E]\b/gu, "").trim();
          seen.set(sort, (seen.get(sort) ?? 0) + 1);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
    for (const sort of ["two readings", "two owners", "needless precedes", "fine"])
      expect(seen.get(sort), sort).toBeGreaterThan(10);
  });

  test("of catalogues beside each other is that of all their kinds in one", () => {
    const seen = new Map<string, number>();
    const place = { start: 0, end: 0 };
    const some = fc.oneof(
      fc.oneof(catalogue, crowded, turning).map((spec) => [spec, WORDS] as const),
      numbered.map((spec) => [spec, NUMBERS] as const),
    );
    const isOther = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(some, isOther, ([spec, all], dice) => {
        const names = spec.kinds.map(({ name }) => name);
        const others = new Set(names.filter((_, index) => dice[index] === true));
        // No spec can name the kinds of another.
        const kinds = spec.kinds.map((kind) => ({
          ...kind,
          precedes: kind.precedes.filter(({ name }) => others.has(name) === others.has(kind.name)),
        }));
        const [own, other] = [
          { ...spec, kinds: kinds.filter(({ name }) => !others.has(name)) },
          { ...spec, kinds: kinds.filter(({ name }) => others.has(name)) },
        ];
        fc.pre(own.kinds.length > 0 && other.kinds.length > 0);
        fc.pre(isVisible({ ...spec, kinds }) && prove(other).problems.length === 0);
        const proof = prove(own, [{ spec: other, place }]);
        const verdicts = verdictsOf(proof).map((verdict) =>
          verdict.replace(/^circle.*/u, "circle"),
        );
        expect([...new Set(verdicts)]).toEqual([...new Set(oracle({ ...spec, kinds }, all))]);
        // What it reads, and in which order, is what it would read alone.
        const { readingOrder, overlaps } = prove(own);
        expect(proof).toMatchObject({ readingOrder, overlaps });
        for (const { owner, other: wider, witness, reason } of proof.overlapsBeside) {
          expect(reason).toBe("contained");
          const kindOf = (name: string) => kinds.find((kind) => kind.name === name.slice(-1));
          const [first, second] = [kindOf(owner), kindOf(wider)];
          expect([owner, wider].filter((name) => name.startsWith("test."))).toHaveLength(1);
          for (const kind of [first, second]) {
            expect(kind !== undefined && regexOf(kind, spec).test(witness)).toBe(true);
          }
        }
        const fine = proof.overlapsBeside.length > 0 ? "fine, inside" : "fine";
        for (const verdict of [...verdicts, ...(verdicts.length === 0 ? [fine] : [])]) {
          const sort = verdict.replace(/\b[A-E]\b/gu, "").trim();
          seen.set(sort, (seen.get(sort) ?? 0) + 1);
        }
      }),
      { seed: SEED, numRuns: 1_500 },
    );
    for (const sort of ["two owners", "unreadable claim", "owns nothing", "fine", "fine, inside"])
      expect(seen.get(sort), `seed ${SEED}: ${sort}`).toBeGreaterThan(10);
  });

  test("is the same for every order of the kinds", () => {
    fc.assert(
      fc.property(withKindsInAnyOrder(fc.oneof(catalogue, crowded, turning)), ([spec, kinds]) => {
        expect(prove({ ...spec, kinds })).toEqual(prove(spec));
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test("gives an order in which the first kind that accepts a name is its owner", () => {
    fc.assert(
      fc.property(fc.oneof(catalogue, crowded), (spec) => {
        const proof = prove(spec);
        fc.pre(proof.problems.length === 0);
        const rank = new Map(proof.readingOrder.map((name, index) => [name, index]));
        expect([...rank.keys()].sort()).toEqual(
          spec.kinds
            .filter((kind) => kind.readable)
            .map(({ name }) => name)
            .sort(),
        );
        const matchers = new Map(spec.kinds.map((kind) => [kind.name, regexOf(kind, spec)]));
        const places = new Map(spec.kinds.map(({ name, directory }) => [name, directory?.path]));
        const mayMeet = (a: string, b: string): boolean =>
          new Set([places.get(a), places.get(b)].filter((path) => path !== undefined)).size < 2;
        for (const word of WORDS) {
          const claims = [...matchers]
            .filter(([, regex]) => regex.test(word))
            .map(([name]) => name);
          for (const a of claims) {
            for (const b of claims.filter((name) => name > a && mayMeet(a, name))) {
              const told = proof.overlaps.filter(
                ({ owner, other }) => [owner, other].sort().join() === [a, b].join(),
              );
              expect(told).toHaveLength(1);
              const { owner = "", other = "" } = told[0] ?? {};
              if (rank.has(owner) && rank.has(other)) {
                expect(rank.get(owner)).toBeLessThan(rank.get(other) ?? -1);
              }
            }
          }
        }
        for (const { owner, other, witness } of proof.overlaps) {
          expect(matchers.get(owner)?.test(witness)).toBe(true);
          expect(matchers.get(other)?.test(witness)).toBe(true);
          expect(mayMeet(owner, other)).toBe(true);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  test("lets the regex of each kind give back the values that made a name, where all is fine", () => {
    let checked = 0;
    fc.assert(
      fc.property(fc.oneof(catalogue, crowded), (spec) => {
        fc.pre(prove(spec).problems.length === 0);
        for (const kind of spec.kinds.filter(({ readable }) => readable)) {
          const regex = regexOf(kind, spec);
          for (const word of WORDS) {
            const groups = Object.values(regex.exec(word)?.groups ?? {});
            if (groups.length === 0) continue;
            checked++;
            expect(cuts(kind, spec, word)).toEqual([groups]);
          }
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
    expect(checked).toBeGreaterThan(1_000);
  });
});
