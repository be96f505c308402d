import fc from "fast-check";
import { expect, test } from "vitest";
import { circlesOf } from "../../codegen/order.js";

const NAMES = ["A", "B", "C", "D", "E", "F"];

/** A graph as a table of who comes before whom. */
const graph = fc
  .array(fc.subarray(NAMES), { minLength: NAMES.length, maxLength: NAMES.length })
  .map((later) => new Map(NAMES.map((name, index) => [name, later[index] ?? []])));

test("circles are found exactly if some name leads back to itself, and no two share a name", () => {
  fc.assert(
    fc.property(graph, (before) => {
      const reached = (start: string): Set<string> => {
        const seen = new Set<string>();
        const visit = (name: string): void => {
          for (const next of before.get(name) ?? []) {
            if (seen.has(next)) continue;
            seen.add(next);
            visit(next);
          }
        };
        visit(start);
        return seen;
      };
      const circles = circlesOf(before);
      expect(circles.length > 0).toBe(NAMES.some((name) => reached(name).has(name)));
      const shown = circles.flat();
      expect(new Set(shown).size).toBe(shown.length);
      for (const circle of circles) {
        circle.forEach((name, at) => {
          expect(before.get(name)).toContain(circle[(at + 1) % circle.length]);
        });
      }
    }),
    { seed: 20260808, numRuns: 3_000 },
  );
});

test("a circle is told without detours", () => {
  const before = new Map([
    ["A", ["B", "C"]],
    ["B", ["C"]],
    ["C", ["A"]],
  ]);
  expect(circlesOf(before)).toEqual([["A", "C"]]);
});

test("a chain as long as a catalogue can be is no circle, and one back to its beginning is", () => {
  const chain = Array.from({ length: 100_000 }, (_, index): [string, string[]] => [
    `K${index}`,
    index === 99_999 ? [] : [`K${index + 1}`],
  ]);
  expect(circlesOf(new Map(chain))).toEqual([]);
  const [circle] = circlesOf(new Map([...chain, ["K99999", ["K0"]]]));
  expect(circle).toHaveLength(100_000);
});
