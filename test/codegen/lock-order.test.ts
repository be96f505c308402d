import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { compare } from "../../codegen/breaking/compare.js";
import { emit, load } from "../../codegen/index.js";

const SEED = 20_261_126;
const NAMES = ["A", "B", "C", "D", "E", "F"];

/** What each kind says that it is before: any others, in circles as well. */
type Order = Readonly<Record<string, readonly string[]>>;

const order: fc.Arbitrary<Order> = fc
  .tuple(...NAMES.map((name) => fc.subarray(NAMES.filter((other) => other !== name))))
  .chain((lists) =>
    // Full lists nearly always have a circle: some have few entries.
    fc.tuple(...lists.map((list) => fc.nat(3).map((few) => list.slice(0, few)))),
  )
  .map((lists) => Object.fromEntries(NAMES.map((name, at) => [name, lists[at] ?? []])));

/** The same without circles: everything goes one way. */
const straight: fc.Arbitrary<Order> = fc
  .tuple(order, fc.shuffledSubarray(NAMES, { minLength: NAMES.length }))
  .map(([said, line]) => {
    const after = (name: string) => line.slice(line.indexOf(name) + 1);
    return Object.fromEntries(
      Object.entries(said).map(([name, list]) => [
        name,
        list.filter((other) => after(name).includes(other)),
      ]),
    );
  });

function specOf(said: Order, more: Readonly<Record<string, object>> = {}): string {
  const kinds = Object.entries(said).map(([name, before]): [string, object] => {
    const base = { template: `${name}.lock`, description: `Protects ${name}.` };
    return [name, before.length === 0 ? base : { ...base, before }];
  });
  const locks = { ...Object.fromEntries(kinds), ...more };
  return stringify({ catalogue: "sample", output: "out", locks });
}

/** Every way along the arrows, counted in arrows; without end where there is a circle. */
function longestTo(name: string, said: Order, on: readonly string[] = []): number {
  if (on.includes(name)) return Number.POSITIVE_INFINITY;
  const before = NAMES.filter((other) => said[other]?.includes(name));
  return Math.max(0, ...before.map((other) => 1 + longestTo(other, said, [...on, name])));
}

function loaded(text: string) {
  return load({ file: "locks.yaml", text });
}

test("an order is refused exactly if it has a circle, and each place in it is told", () => {
  let circles = 0;
  fc.assert(
    fc.property(order, (said) => {
      const text = specOf(said);
      const { problems } = loaded(text);
      const isRound = NAMES.some((name) => longestTo(name, said) === Number.POSITIVE_INFINITY);
      expect(problems.length > 0).toBe(isRound);
      for (const { message, place, related = [] } of problems) {
        circles++;
        const round = /in a circle, (.*): remove/u.exec(message)?.[1]?.split(" → ") ?? [];
        const steps = round.slice(1).map((name, at) => [round[at] ?? "", name] as const);
        expect(steps.length).toBeGreaterThan(1);
        for (const [from, to] of steps) expect(said[from]).toContain(to);
        // The places are those of the entries, in the order of the circle.
        const places = [...related.map((other) => other.place), place];
        expect(places.map(({ start, end }) => text.slice(start, end))).toEqual(
          steps.map(([, to]) => to),
        );
        const owners = places.map(
          ({ start }) => /.*^ {2}(\w):$/msu.exec(text.slice(0, start))?.[1],
        );
        expect(owners).toEqual(steps.map(([from]) => from));
      }
    }),
    { seed: SEED, numRuns: 400 },
  );
  expect(circles, `seed ${SEED}`).toBeGreaterThan(50);
});

test("a rank is the length of the longest chain to a kind, so that every pair is in order", () => {
  fc.assert(
    fc.property(straight, (said) => {
      const { spec } = loaded(specOf(said));
      const isOrdered = Object.values(said).some((list) => list.length > 0);
      for (const { name, rank } of spec?.kinds ?? []) {
        expect(rank).toBe(isOrdered ? longestTo(name, said) : null);
      }
      const ranks = new Map(spec?.kinds.map(({ name, rank }) => [name, rank]));
      for (const [name, later] of Object.entries(said)) {
        for (const other of later) expect(ranks.get(name)).toBeLessThan(Number(ranks.get(other)));
      }
    }),
    { seed: SEED, numRuns: 400 },
  );
});

test("a kind that is added, wherever, changes no class but those that come after it", () => {
  fc.assert(
    fc.property(straight, (said) => {
      fc.pre(Object.values(said).some((list) => list.length > 0));
      const files = (text: string) => {
        const found = loaded(text);
        return found.spec === null ? new Map() : emit(found.spec, found.proof);
      };
      const [before, after] = [
        files(specOf(said)),
        files(specOf({ Added: [], ...said }).replace("catalogue", "\n# More.\n\ncatalogue")),
      ];
      const changed = [...after.keys()].filter((name) => after.get(name) !== before.get(name));
      expect(changed.toSorted()).toEqual([
        "Added.ts",
        "LOCKS.md",
        "index.ts",
        "round-trip.test.ts",
      ]);
    }),
    { seed: SEED, numRuns: 20 },
  );
});

test("a catalogue without an order says nothing of one", () => {
  const none = Object.fromEntries(NAMES.map((name) => [name, []]));
  const { spec, proof } = loaded(specOf(none));
  if (spec === null) throw new Error("it is a valid catalogue");
  for (const text of emit(spec, proof).values()) expect(text).not.toMatch(/LOCK_ORDER|mermaid/u);
});

/** The order in which the runtime takes kinds; `null` if there is none. */
function lineOf(said: Order): readonly string[] | null {
  if (Object.values(said).every((list) => list.length === 0)) return null;
  return NAMES.toSorted((a, b) => longestTo(a, said) - longestTo(b, said) || (a < b ? -1 : 1));
}

test("breaking finds a change of order exactly if two programs may wait for each other", () => {
  const seen = { nothing: 0, turned: 0, added: 0, removed: 0 };
  fc.assert(
    fc.property(straight, straight, fc.nat(3), (one, two, dice) => {
      const none = Object.fromEntries(NAMES.map((name) => [name, []]));
      const said = dice === 0 ? none : one;
      const next = dice === 1 ? none : dice === 2 ? { ...one, A: two["A"] ?? [] } : two;
      const [old, now] = [loaded(specOf(said)), loaded(specOf(next))];
      if (old.spec === null || now.spec === null) return;
      const findings = compare(old, now);
      const [was, is] = [lineOf(said), lineOf(next)];
      if (was?.join() === is?.join()) {
        seen.nothing++;
        expect(findings).toEqual([]);
        return;
      }
      expect(findings).not.toEqual([]);
      const pairs = findings.map(({ kinds }) => kinds.join());
      expect(new Set(pairs).size).toBe(pairs.length);
      for (const { rule, kinds, place, oldPlace } of findings) {
        expect(rule).toBe("lock-order-changed");
        const [a = "", b = ""] = kinds;
        const isFirst = (line: readonly string[]) => line.indexOf(a) < line.indexOf(b);
        if (was !== null && is !== null) {
          seen.turned++;
          expect([isFirst(was), isFirst(is)]).toEqual([false, true]);
        } else if (was === null) {
          seen.added++;
          expect(next[a]).toContain(b);
          expect(specOf(next).slice(place.start, place.end)).toBe(b);
        } else {
          seen.removed++;
          expect(said[a]).toContain(b);
          expect(specOf(said).slice(oldPlace?.start, oldPlace?.end)).toBe(b);
        }
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
  for (const [what, count] of Object.entries(seen)) {
    expect(count, `seed ${SEED}: ${what}`).toBeGreaterThan(20);
  }
});

test("what is declared by way of a kind that is gone is found", () => {
  const both = (said: Order) => loaded(specOf(said));
  const [old, now] = [both({ A: ["B"], B: ["C"], C: [] }), both({ A: [], C: [] })];
  if (old.spec === null || now.spec === null) throw new Error("both are valid");
  expect(compare(old, now).map(({ rule, kinds }) => [rule, ...kinds])).toEqual([
    ["kind-removed", "B"],
    ["lock-order-changed", "A", "C"],
  ]);
});
