import { expect, test } from "vitest";
import { languagesOf } from "../../codegen/automata/languages.js";
import { TooComplex } from "../../codegen/automata/limits.js";
import { isWord } from "../../codegen/automata/pattern-words.js";
import { prove } from "../../codegen/prove/index.js";
import { specOf } from "./spec.js";

type Catalogue = Parameters<typeof specOf>;

function told(...[parameters, kinds]: Catalogue): string[] {
  const { problems } = prove(specOf(parameters, kinds));
  return problems.map(({ message }) => message.split("\n", 1).join());
}

/** The automaton of such a pattern has two or three states to the power of `count`. */
const A_BEFORE = (count: number): string => `[abc]*a[abc]{${count}}`;
const A_OR_B_BEFORE = (count: number): string => `[abc]*[ab][abc]{${count}}`;

test.each<readonly [what: string, ...Catalogue, messages: readonly string[]]>([
  [
    "whether two kinds share names",
    { a: A_BEFORE(9), b: A_OR_B_BEFORE(9) },
    { A: ".{a}.lock", B: ".{b}.lock" },
    ["whether B and A share names cannot be decided: its automata are too large"],
  ],
  [
    "whether a kind has names that a wider one has not, of patterns that are small by themselves",
    { a: "[ab]*a[ab]{14}", b: "[cd]*c[cd]{14}", c: "[cd]+" },
    { A: { template: ".{a}-{b}.lock", readable: false }, B: ".{a}-{c}.lock" },
    ["whether B and A share names cannot be decided: its automaton is too large"],
  ],
  [
    "whether a kind has one reading and is fast, of patterns that are fast by themselves",
    { a: "[ab]*a[ab]{14}", b: "[cd]*c[cd]{14}" },
    { A: ".{a}-{b}.lock" },
    [
      "whether A reads each name in one way, and fast, cannot be decided: its paths are too many to count",
    ],
  ],
  [
    "whether narrower kinds leave a name",
    { a: "[abc]{10,40}", b: "[abc]{0,30}a[abc]{9}", c: "[abc]{0,30}[ab][abc]{9}" },
    { A: ".{a}.lock", B: ".{b}.lock", C: ".{c}.lock" },
    [
      "whether any name is left for A cannot be decided: its automata are too large",
      "whether C and B share names cannot be decided: its automata are too large",
    ],
  ],
])("what takes too long to decide is a problem: %s", (_what, parameters, kinds, messages) => {
  expect(told(parameters, kinds)).toEqual(messages);
});

test("a slow text that is too long to be repeated in a name is told as it stands", () => {
  const pattern = `a{256}(?:${Array<string>(33).fill("b").join("|")})`;
  expect(told({ a: pattern }, { A: ".{a}.lock" })[0]).toMatch(
    /^the pattern of a can be slow: the text "a{256}b?" takes \d+ steps$/u,
  );
});

test("of kinds that all claim the same names, a hundred pairs are reported", () => {
  const kinds = Array.from({ length: 46 }, (_, index) => [`K${index}`, ".{a}.lock"]);
  const messages = told({ a: "[ab]+" }, Object.fromEntries(kinds));
  expect(messages.filter((message) => message.includes("both claim the name"))).toHaveLength(100);
  expect(messages).toHaveLength(101);
});

test("what the validator refuses is refused here too, and a kind is in one catalogue", () => {
  expect(() => isWord("(?=a)a", "a")).toThrow(TooComplex);
  const spec = specOf({}, { A: "a" });
  expect(() => languagesOf(spec, spec)).toThrow("read each catalogue by itself");
});
