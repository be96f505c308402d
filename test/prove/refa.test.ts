import fc from "fast-check";
import { DFA, JS, NFA } from "refa";
import { expect, test } from "vitest";
import { languagesOf } from "../../codegen/automata/languages.js";
import { overlap } from "../../codegen/automata/overlap.js";
import { pattern } from "./brute-force.js";
import { specOf } from "./spec.js";

const MAX = { maxCharacter: 0x10ffff };

/** The values of a pattern, as an automaton that refa made by itself. */
function automatonOf(source: string): DFA {
  const nfaOf = (text: string): NFA =>
    NFA.fromRegex(JS.Parser.fromLiteral({ source: text, flags: "u" }).parse().expression, MAX);
  const legal = nfaOf("[^/\\0\\uD800-\\uDFFF]+");
  return DFA.fromIntersection(nfaOf(source), legal);
}

function complementOf(automaton: DFA): DFA {
  const result = automaton.copy();
  result.complement();
  return result;
}

const relations = {
  equal: [false, true, true],
  within: [false, true, false],
  contains: [false, false, true],
  partial: [false, false, false],
} as const;

test("refa, which knows no limit of length, sees the same relations between short patterns", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(pattern, pattern, (p, q) => {
      const spec = specOf({ p, q }, { P: "{p}", Q: "{q}" });
      const languages = languagesOf(spec);
      const [a, b] = spec.kinds.map((kind) => languages.of(kind));
      if (a === undefined || b === undefined) throw new Error("two kinds were given");
      const [first, second] = [automatonOf(p), automatonOf(q)];
      const relation = overlap(a, b)?.relation ?? "disjoint";
      seen.add(relation);
      const facts = [
        DFA.fromIntersection(first, second).isEmpty,
        DFA.fromIntersection(first, complementOf(second)).isEmpty,
        DFA.fromIntersection(second, complementOf(first)).isEmpty,
      ];
      if (relation === "disjoint") expect(facts[0]).toBe(true);
      else expect(facts).toEqual(relations[relation]);
    }),
    { seed: 20260505, numRuns: 2_000 },
  );
  expect([...seen].sort()).toEqual(["contains", "disjoint", "equal", "partial", "within"]);
});
