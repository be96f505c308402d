import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { load, report } from "../../codegen/index.js";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { project, SPEC } from "./project.js";

const CAFE = SPEC.replace("beta.lock", "café.lock");

describe("a spec that is not UTF-8", () => {
  const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");
  test.each([
    ["ISO-8859-1", Buffer.from(CAFE, "latin1"), "locks.yaml:10:18: here the spec is not UTF-8"],
    [
      "ISO-8859-1 in a comment",
      Buffer.from(`# é\n${SPEC}`, "latin1"),
      "locks.yaml:1:3: here the spec is not UTF-8",
    ],
    ["UTF-16, little-endian", utf16(`\u{feff}${CAFE}`), "locks.yaml:1:1: this is not UTF-8 but"],
    [
      "UTF-16, big-endian",
      utf16(`\u{feff}${CAFE}`).swap16(),
      "locks.yaml:1:1: this is not UTF-8 but",
    ],
    ["UTF-16 without a mark", utf16(SPEC), "locks.yaml:1:1: this is not UTF-8 but"],
    ["cut in the middle of a character", Buffer.from(CAFE).subarray(0, -1), null],
    [
      "a character that an editor lost",
      Buffer.from(CAFE.replace("é", "\u{fffd}")),
      "locks.yaml:10:18: here the spec is not UTF-8, or a character was lost (U+FFFD)",
    ],
  ])("in %s writes nothing and says so", async (_, bytes, message) => {
    const cwd = temporaryDirectory();
    writeFileSync(path.join(cwd, "locks.yaml"), bytes);
    const { code, err } = await cliIn({ cwd }, "generate");
    expect(code).toBe(message === null ? 0 : 1);
    expect(err).toContain(message ?? "");
    expect(existsSync(path.join(cwd, "out"))).toBe(message === null);
  });

  test("is refused from standard input too", async () => {
    const { cwd } = project();
    const { code, err } = await cliIn(
      { cwd, input: Buffer.from(CAFE, "latin1") },
      "breaking",
      "--against",
      "-",
    );
    expect([code, err]).toEqual([
      2,
      expect.stringContaining("-:10:18: here the spec is not UTF-8"),
    ]);
  });
});

/** Every character that is not seen, or looks like a common space. */
const UNSEEN = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).filter(
  (character) =>
    /^(?:[\u{2800}\p{DI}\p{Cc}\p{Zl}\p{Zp}\p{NChar}]|(?! )\p{Zs})$/u.test(character) &&
    character !== "\n",
);

/** What was found in a spec with a text in the places of a template, a pattern, an example and a key. */
function problemsWith(text: string): { readonly messages: string[]; readonly printed: string } {
  const file = "locks.yaml";
  const quoted = JSON.stringify(text);
  const source = {
    file,
    text: `catalogue: c
output: ${quoted}
parameters:
  p: { pattern: ${JSON.stringify(`${text}|x`)}, examples: [${quoted}] }
  ? ${quoted}
  : {}
locks:
  A: { template: ${JSON.stringify(`{p}${text}`)}, description: D., ${quoted}: x, precedes: ${quoted} }
`,
  };
  const { problems } = load(source);
  return { messages: problems.map(({ message }) => message), printed: report(problems, source) };
}

test("what is not seen is refused in names, templates, patterns, examples and keys, and shown as an escape", () => {
  // JSON writes control characters as escapes, which are legal in a pattern.
  for (const character of UNSEEN) {
    const { messages, printed } = problemsWith(`x${character}y`);
    const code = Number(character.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0");
    const found = messages.filter((message) => message.includes(`U+${code}`));
    expect(found.length, `U+${code}: ${messages.join("\n")}`).toBeGreaterThanOrEqual(
      code === "0000" ? 1 : 5,
    );
    const unseen = new RegExp(`(?![\\n\\t])${character}`, "u");
    expect(printed, code).not.toMatch(unseen);
    expect(messages.join(""), code).not.toMatch(unseen);
  }
  expect(UNSEEN.length).toBeGreaterThan(4_000);
});

test.each([
  ["emoji of several people", "👩\u{200d}👩\u{200d}👧"],
  ["an emoji that a selector asks for", "❤\u{fe0f}"],
  ["a keycap", "1\u{fe0f}\u{20e3}"],
  ["Persian with a non-joiner", "می\u{200c}خواهم"],
  ["Devanagari with a joiner", "क्\u{200d}ष"],
  ["a Mongolian selector", "ᠠ\u{180b}"],
  ["an ideographic variant", "葛\u{e0100}"],
  ["a decomposed letter", "e\u{301}"],
])("%s is legal in a template", (_, text) => {
  expect(load({ file: "f", text: SPEC.replace("beta.lock", text) }).problems).toEqual([]);
});

test.each([
  ["a joiner after a letter that joins nothing", "a\u{200d}", "U+200D"],
  ["a selector at the beginning", "\u{fe0f}a", "U+FE0F"],
  ["a space at the end", '"beta.lock "', "cannot begin or end with a space"],
  ["a space at the beginning", '" beta.lock"', "cannot begin or end with a space"],
])("%s is refused in a template", (_, text, message) => {
  const { problems } = load({ file: "f", text: SPEC.replace("beta.lock", text) });
  expect(problems.map((problem) => problem.message)).toEqual([expect.stringContaining(message)]);
});

test.each([
  ["all of a level", SPEC.replaceAll(/^ {4}/gmu, "\u{a0}   ")],
  ["one line", SPEC.replace("  BetaLock", "\u{a0} BetaLock")],
  ["a key of the spec", SPEC.replace("locks:", "\u{3000}locks:")],
])("indentation by another space is all that is said: %s", (_, text) => {
  const { problems } = load({ file: "f", text });
  expect(problems.length).toBeGreaterThan(0);
  for (const { message } of problems) expect(message).toMatch(/^YAML indents with common spaces/u);
});

test("a paragraph of prose may begin with an ideographic space", () => {
  const text = SPEC.replace("Protects beta.", "|\n      \u{3000}文\n      \u{3000}文");
  expect(load({ file: "f", text }).problems).toEqual([]);
});

test("a suggestion is told apart from what it is for", () => {
  const text = SPEC.replace(
    "template: beta.lock",
    'template: beta.lock\n    precedes: "AlphaLock\u{200b}"',
  );
  expect(load({ file: "f", text }).problems.map(({ message }) => message)).toEqual([
    'there is no lock "AlphaLock\\u200b" (did you mean "AlphaLock"?)',
  ]);
});
