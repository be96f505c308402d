import { describe, expect, test } from "vitest";
import type { CatalogueSpec } from "../../codegen/model.js";
import { prove } from "../../codegen/prove/index.js";
import { specOf } from "./spec.js";

/** The problems of a catalogue, each with the text that its places point at. */
function told(spec: CatalogueSpec): string[] {
  const at = ({ start, end }: { start: number; end: number }): string =>
    spec.source.text.slice(start, end);
  return prove(spec).problems.map(({ place, message, related = [] }) =>
    [
      `${at(place)}: ${message}`,
      ...related.map((part) => `${at(part.place)}: ${part.message}`),
    ].join("\n"),
  );
}

const names = { pattern: "[a-z]+", examples: ["main"] };
const digits = { pattern: "[0-9a-f]+", examples: ["beef", "2026"] };

describe("the message says where, which name, how each reads it, and what to do", () => {
  test("two readings", () => {
    const any = { pattern: null, examples: ["main", "pg-main"] };
    expect(told(specOf({ a: any, b: any }, { JobLock: ".{a}-{b}-x.lock" }))).toEqual([
      `.{a}-{b}-x.lock: JobLock reads the name ".main-pg-main-x.lock" in two ways
  one way:  a = "main-pg", b = "main"
  another:  a = "main", b = "pg-main"
Let one value end where the other begins: give a parameter a pattern without the text between them
(as in \`pattern: '[^-]+'\`), change that text, or declare \`readable: false\` if names need not be read back.`,
    ]);
  });

  test("a partial overlap", () => {
    const spec = specOf(
      { name: names, id: digits },
      { NameLock: ".{name}.lock", IdLock: ".{id}.lock" },
    );
    expect(told(spec)).toEqual([
      `.{id}.lock: IdLock and NameLock both claim the name ".beef.lock"
  IdLock reads it with id = "beef"
  NameLock reads it with name = "beef"
Neither is the narrower kind: ".2026.lock" is a name of IdLock alone, and ".main.lock" of NameLock alone.
Change a template, narrow a pattern, or say who is asked first: \`precedes: NameLock\` in IdLock, or the reverse.
.{name}.lock: NameLock is declared here`,
    ]);
  });

  test("equal kinds", () => {
    expect(told(specOf({ a: names }, { A: ".{a}.lock", B: ".{a}.lock" }))).toEqual([
      `.{a}.lock: B and A both claim the name ".main.lock", and every other name of theirs
  B reads it with a = "main"
  A reads it with a = "main"
Change a template, narrow a pattern, or say who is asked first: \`precedes: A\` in B, or the reverse.
.{a}.lock: A is declared here`,
    ]);
  });

  test("a slow pattern", () => {
    expect(
      told(specOf({ a: { pattern: "(?:[a-z]+-?)+", examples: ["x"] } }, { A: ".{a}.lock" })),
    ).toEqual([
      `(?:[a-z]+-?)+: the pattern of a can be slow: a text of 255 characters takes about 10^77 steps, and the number grows faster than its length
  such a text is "a" again and again
Say in one way only how the repeated part is matched: no repetition inside a repetition, no two alternatives or
neighbours that take the same text.`,
    ]);
  });

  test("a kind that cannot be read back", () => {
    const spec = specOf(
      { a: names },
      { A: ".{a}.lock", B: { template: ".main.lock", readable: false } },
    );
    expect(told(spec)).toEqual([
      `.main.lock: B (readable: false) makes the name ".main.lock", which A claims too
  B makes it as it stands
  A reads it with a = "main"
Change a template, or let A have these names for good: \`precedes: B\` in A.
.{a}.lock: A is declared here`,
    ]);
  });

  test("a kind that cannot be read back and wants to come first", () => {
    const spec = specOf(
      { a: names },
      { A: ".{a}.lock", B: { template: ".main.lock", readable: false, precedes: ["A"] } },
    );
    expect(told(spec)).toEqual([
      `precedes: A: B (readable: false) is never asked for a name, so it cannot precede A
Write \`precedes: B\` in A if the common names, such as ".main.lock", are to be A's.`,
    ]);
    expect(prove(spec).overlaps).toEqual([]);
  });

  test("a kind that owns nothing", () => {
    expect(told(specOf({ a: "[xy]" }, { Either: "-{a}", X: "-x", Y: "-y" }))).toEqual([
      `-{a}: Either owns no name: all of them, such as "-x", are owned by X, Y
Widen Either or remove it; if it is meant never to be read, write \`precedes: Either\` in each of those kinds.
-x: X is declared here
-y: Y is declared here`,
    ]);
  });

  test("a circle", () => {
    const spec = specOf(
      { a: "[xy]", b: "[yz]", c: "[zx]" },
      {
        A: { template: "-{a}", precedes: ["B"] },
        B: { template: "-{b}", precedes: ["C"] },
        C: { template: "-{c}", precedes: ["A"] },
      },
    );
    expect(told(spec)).toEqual([
      `-{c}: these kinds cannot be put in a reading order, each has to come before the next
  C comes before A: it says \`precedes\` (both claim "-x")
  A comes before B: it says \`precedes\` (both claim "-y")
  B comes before C: it says \`precedes\` (both claim "-z")
Remove one \`precedes\` of this circle.
-{a}: A is declared here
-{b}: B is declared here`,
    ]);
  });

  test("a precedes that settles nothing, and one that leaves nothing", () => {
    const spec = specOf(
      { a: names },
      {
        A: { template: ".{a}.lock", precedes: ["C", "B"] },
        B: ".main.lock",
        C: ".{a}.pid",
      },
    );
    expect(told(spec)).toEqual([
      `precedes: C: A and C have no name in common, so there is nothing to settle
Remove this \`precedes\`.`,
      `precedes: B: A precedes B, which would then own no name: each of its names, such as ".main.lock", is one of A's too
Remove this \`precedes\`: the narrower kind, B, is asked first by itself.
.main.lock: B is declared here`,
    ]);
  });

  test("a name that is a directory, and no name at all", () => {
    expect(told(specOf({ a: null, b: "x{255}" }, { A: "{a}", B: ".{b}" }))).toEqual([
      `{a}: the name of A can be ".", which is a directory and no file (with a = ".")
Add a literal to the template, or a pattern that leaves this value out.`,
      `.{b}: B has no name that fits into 255 bytes
Shorten the template, or let its parameters take shorter values.`,
    ]);
  });
});

test("precedes settles a partial overlap and an equality", () => {
  const spec = specOf(
    { name: names, id: digits },
    {
      NameLock: ".{name}.lock",
      IdLock: { template: ".{id}.lock", precedes: ["NameLock"] },
      OldLock: { template: ".{name}.pid", precedes: [] },
      NewLock: { template: ".{name}.pid", precedes: ["OldLock"] },
    },
  );
  const proof = prove(spec);
  expect(proof.problems).toEqual([]);
  expect(proof.overlaps).toEqual([
    { owner: "IdLock", other: "NameLock", reason: "precedes", witness: ".beef.lock" },
    { owner: "NewLock", other: "OldLock", reason: "precedes", witness: ".main.pid" },
  ]);
  expect(proof.readingOrder).toEqual(["IdLock", "NameLock", "NewLock", "OldLock"]);
});
