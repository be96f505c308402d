import { describe, expect, test } from "vitest";
import { languagesOf } from "../../codegen/automata/languages.js";
import { type Common, overlap } from "../../codegen/automata/overlap.js";
import { isWord, matchesEmpty, shortestWord } from "../../codegen/automata/pattern-words.js";
import { prove } from "../../codegen/prove/index.js";
import { type ParameterSketch, specOf } from "./spec.js";

/** How the first of two kinds relates to the second. */
function compare(
  parameters: Readonly<Record<string, ParameterSketch>>,
  first: string,
  second: string,
): Common | null {
  const spec = specOf(parameters, { First: first, Second: second });
  const languages = languagesOf(spec);
  const [a, b] = spec.kinds.map((kind) => languages.of(kind));
  if (a === undefined || b === undefined) throw new Error("two kinds were given");
  return overlap(a, b);
}

describe("only names of at most 255 bytes count", () => {
  test("an overlap at 255 bytes is one, at 256 it is none", () => {
    expect(compare({ a: "a{100,}b+", b: "a+b{155}" }, "{a}", "{b}")?.witness).toBe(
      "a".repeat(100) + "b".repeat(155),
    );
    expect(compare({ a: "a{100,}b+", b: "a+b{156}" }, "{a}", "{b}")).toBeNull();
  });

  test("what only a longer name tells apart is equal", () => {
    expect(compare({ a: "a+", b: "a{1,254}" }, "{a}", "{b}")?.onlyFirst).toBe("a".repeat(255));
    expect(compare({ a: "a+", b: "a{1,255}" }, "{a}", "{b}")?.relation).toBe("equal");
  });

  test("bytes are counted, not characters", () => {
    expect(compare({ a: "é+", b: "é{128}" }, "{a}", "{b}")).toBeNull();
    expect(compare({ a: "é+", b: "é{127}" }, "{a}", "{b}")?.relation).toBe("contains");
    expect(compare({ a: "[語é]+", b: ".{84,}" }, "-{a}", "-{b}")?.witness).toBe(
      `-${"é".repeat(84)}`,
    );
    expect(
      compare({ a: "\\p{Emoji_Presentation}+", b: ".{64}" }, "{a}", "{b}")?.witness.length,
    ).toBe(64);
  });

  test("a second reading that needs a longer name is none", () => {
    const parameters = { a: "x{10}(?:y{120})?", b: "(?:y{120})?z{5}" };
    expect(prove(specOf(parameters, { A: "{a}{b}" })).problems).toHaveLength(1);
    expect(prove(specOf(parameters, { A: `{a}{b}${"-".repeat(121)}` })).problems).toEqual([]);
  });
});

describe("characters are Unicode code points", () => {
  test("a composed and a decomposed letter are two names", () => {
    expect(compare({}, "é.lock", "e\u0301.lock")).toBeNull();
    expect(compare({ a: "\\p{L}+" }, "{a}.lock", "é.lock")?.relation).toBe("contains");
    expect(compare({ a: "\\p{L}+" }, "{a}.lock", "e\u0301.lock")).toBeNull();
  });

  test("an emoji is one character", () => {
    expect(compare({ a: "[^-]" }, "{a}", "😀")?.relation).toBe("contains");
    expect(compare({ a: "[^-]{2}" }, "{a}", "😀")).toBeNull();
  });

  test("a property holds what the regex engine says that it holds", () => {
    // Characters that came with a later Unicode than the parser's tables are the ones that go wrong.
    for (const property of ["\\p{L}", "\\P{Lu}", "\\p{Script=Han}", "[\\p{N}_]"]) {
      const regex = new RegExp(`^${property}$`, "u");
      for (let character = 0x100; character < 0x110000; character += 997) {
        if (character >= 0xd800 && character < 0xe000) continue;
        const text = String.fromCodePoint(character);
        expect(isWord(property, text), character.toString(16)).toBe(regex.test(text));
      }
    }
    expect(isWord("\\p{L}", String.fromCodePoint(0x88f))).toBe(/^\p{L}$/u.test("\u088f"));
  });

  test("no value holds a slash, NUL or half a surrogate pair", () => {
    for (const text of ["/", "\0", "\ud800", "a/b", ""]) expect(isWord(".*", text)).toBe(false);
    expect(compare({ a: "[a/]", b: "[/b]" }, "{a}", "{b}")).toBeNull();
  });
});

describe("the shortest word of a pattern", () => {
  test.each([
    [null, "a"],
    ["[^-]+", "a"],
    ["\\d{8}T\\d{6}", "00000000T000000"],
    ["[^a-z]+", "0"],
    ["\\p{Lu}\\p{Ll}+", "Aa"],
    ["x{255}", "x".repeat(255)],
    ["[ab]*a[ab]{40}", "a".repeat(41)],
    ["x{256}", null],
    ["[]", null],
    ["/", null],
  ])("%s: %s", (pattern, word) => {
    expect(shortestWord(pattern)).toBe(word);
    if (word !== null) expect(isWord(pattern, word)).toBe(true);
  });
});

test.each([
  ["a*", true],
  ["(?:a|b?)(?:c*)", true],
  ["(?:a|b?)c", false],
  ["(?:a?){0,3}", true],
  ["[]{0}", true],
  ["(?:|){40}x", false],
])("%s matches the empty text: %s", (pattern, expected) => {
  expect(matchesEmpty(pattern)).toBe(expected);
});

describe("what cannot be decided is refused, with the pattern to simplify", () => {
  test.each([
    [
      "(?:[a-z]{1,60}\\.){0,100}[a-z]",
      "written out, its repetitions come to more than 4000 characters",
    ],
    [
      "(?:(?:(?:|){250}){250}){250}x",
      "written out, its repetitions come to more than 50000 groups",
    ],
    ["[ab]*a[ab]{30}", "its paths are too many to count"],
  ])("%s", (pattern, reason) => {
    const { problems } = prove(specOf({ a: pattern }, { A: ".{a}.lock", B: ".b.lock" }));
    expect(problems.map(({ message }) => message.split("\n")[0])).toEqual([
      `the pattern of a is too large to check: ${reason}`,
    ]);
  });
});

test("a kind that cannot be read back may have names with two readings", () => {
  const template = ".{a}-{b}.lock";
  expect(prove(specOf({ a: null, b: null }, { A: template })).problems).toHaveLength(1);
  const { problems, readingOrder } = prove(
    specOf({ a: null, b: null }, { A: { template, readable: false } }),
  );
  expect(problems).toEqual([]);
  expect(readingOrder).toEqual([]);
});

test("two kinds that cannot be read back may share names if one says that it knows", () => {
  const kind = { template: ".{a}.lock", readable: false };
  const parameters = { a: { pattern: null, examples: ["main"] } };
  expect(prove(specOf(parameters, { A: kind, B: kind })).problems).toHaveLength(1);
  const settled = prove(specOf(parameters, { A: { ...kind, precedes: ["B"] }, B: kind }));
  expect(settled.problems).toEqual([]);
  expect(settled.overlaps).toEqual([
    { owner: "A", other: "B", reason: "precedes", witness: ".main.lock" },
  ]);
});

/** Kinds that have all their names in common. */
const CROWD = Array.from({ length: 40 }, (_, index) => [`K${index}`, ".{a}.lock"] as const);

test("of kinds that all claim each other's names a hundred pairs are told, and that there are more", () => {
  const told = prove(specOf({ a: "x+" }, Object.fromEntries(CROWD))).problems.map(
    ({ message }) => message,
  );
  expect(told).toHaveLength(101);
  expect(told.filter((message) => message.includes("both claim the name"))).toHaveLength(100);
  expect(told.filter((message) => message.includes("were not compared"))).toHaveLength(1);
});

test("nothing is said of a precedes between kinds that were not compared", () => {
  const last = ["Z", { template: ".{a}.lock", precedes: ["K38"] }] as const;
  const { problems } = prove(specOf({ a: "x+" }, Object.fromEntries([...CROWD, last])));
  expect(problems.filter(({ message }) => message.includes("nothing to settle"))).toEqual([]);
});
