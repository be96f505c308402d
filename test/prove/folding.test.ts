import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { foldedName } from "../../codegen/automata/folding.js";
import type { CatalogueSpec } from "../../codegen/model.js";
import { foldingWarnings } from "../../codegen/prove/folding.js";
import { prove } from "../../codegen/prove/index.js";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { regexOf, words } from "./brute-force.js";
import { specOf } from "./spec.js";

const SEED = 20_261_127;
const LETTERS = ["a", "A", "b", "B", "k", "K", "\u{212a}", "-"] as const;
const WORDS = words(4, LETTERS);

/** Patterns of at most two characters, so that the words above are all names of two tokens. */
const pattern = fc.constantFrom(
  ...["a", "A", "[ab]", "[AB]", "[aB]", "[a-b]{1,2}", "[A-B]{2}", "a|BB", "[^a-]", "[^A-]{1,2}"],
  ...["k", "K", "\u{212a}", "\\w", "\\p{Lu}", "\\p{Ll}{1,2}"],
);
const literal = fc.constantFrom("", "-", "a", "A", "b-", "B", "K");
const template = fc
  .tuple(literal, fc.constantFrom("", "{p}", "{q}"), fc.constantFrom("", "-", "B"))
  .map((parts) => parts.join("").slice(0, 6) || "a");
const catalogue: fc.Arbitrary<CatalogueSpec> = fc
  .tuple(pattern, pattern, fc.array(template, { minLength: 2, maxLength: 3 }))
  .map(([p, q, templates]) =>
    specOf(
      { p: { pattern: p, examples: [] }, q: { pattern: q, examples: [] } },
      Object.fromEntries(templates.map((text, n) => [`K${n}`, text])),
    ),
  );

/** The names that a catalogue's kinds have among the words, by kind. */
function namesOf(spec: CatalogueSpec): ReadonlyMap<string, readonly string[]> {
  return new Map(
    spec.kinds.map((kind) => {
      const regex = regexOf(kind, spec);
      return [kind.name, WORDS.filter((word) => regex.test(word))];
    }),
  );
}

test("two kinds are said to be folded together exactly if they have names that are, and are shown by such", () => {
  let [folded, apart] = [0, 0];
  fc.assert(
    fc.property(catalogue, (spec) => {
      const { problems, overlaps, foldings } = prove(spec);
      if (problems.length > 0) {
        expect(foldings).toEqual([]);
        return;
      }
      const names = namesOf(spec);
      const shared = overlaps.map(({ owner, other }) => [owner, other].sort().join());
      for (const [at, { name: first }] of spec.kinds.entries()) {
        for (const { name: second } of spec.kinds.slice(at + 1)) {
          const found = foldings.find((one) => one.first === first && one.second === second);
          const others = new Set(names.get(second)?.map(foldedName));
          const expected =
            !shared.includes([first, second].sort().join()) &&
            names.get(first)?.some((name) => others.has(foldedName(name)));
          expect([first, second, found !== undefined]).toEqual([first, second, expected === true]);
          if (found === undefined) {
            apart++;
            continue;
          }
          folded++;
          const [one, other] = found.names;
          expect(foldedName(one)).toBe(foldedName(other));
          const accepts = (name: string, text: string) =>
            regexOf(spec.kinds.find((kind) => kind.name === name) ?? never(), spec).test(text);
          expect([accepts(first, one), accepts(second, other)]).toEqual([true, true]);
        }
      }
    }),
    { seed: SEED, numRuns: 1_500 },
  );
  expect(folded, `seed ${SEED}`).toBeGreaterThan(40);
  expect(apart, `seed ${SEED}`).toBeGreaterThan(40);
});

function never(): never {
  throw new Error("no such kind");
}

test("is a warning at the second kind, with a name of each", () => {
  const spec = specOf({}, { QueueLock: "Queue.lock", OtherLock: "queue.lock", ThirdLock: "q" });
  expect(foldingWarnings(spec, prove(spec).foldings)).toMatchObject([
    {
      place: spec.kinds[1]?.templatePlace,
      message: expect.stringMatching(
        /^warning: .*, "Queue\.lock" of QueueLock and "queue\.lock" of OtherLock are one file, /,
      ),
      related: [{ place: spec.kinds[0]?.templatePlace }],
    },
  ]);
});

test("literals are one in whatever normal form they are written", () => {
  const spec = specOf(
    { p: { pattern: "[a-z]", examples: [] } },
    {
      ComposedLock: "caf\u{e9}-{p}.lock",
      ApartLock: "cafe\u{301}-x.lock",
      OtherLock: "cafe-x.lock",
    },
  );
  expect(prove(spec).foldings).toEqual([
    {
      first: "ComposedLock",
      second: "ApartLock",
      names: ["caf\u{e9}-x.lock", "cafe\u{301}-x.lock"],
    },
  ]);
});

test("characters are one as file systems take them", () => {
  const one = (a: string, b: string) => foldedName(a) === foldedName(b);
  expect(one("Ä", "ä") && one("K", "k") && one("Å", "å") && one("ſ", "s") && one("Σ", "ς")).toBe(
    true,
  );
  expect(one("ß", "s") || one("a", "b")).toBe(false);
});

test("generate and check tell of it, and go on", async () => {
  const cwd = temporaryDirectory();
  const kinds = ["Queue.lock", "queue.lock"].map(
    (name, n) => `  K${n}Lock:\n    template: ${name}\n    description: Protects ${name}.\n`,
  );
  writeFileSync(join(cwd, "locks.yaml"), `catalogue: one\noutput: out\nlocks:\n${kinds.join("")}`);
  for (const [command, out] of [
    ["generate", "5 created"],
    ["check", "5 files up to date"],
  ] as const) {
    const ended = await cliIn({ cwd }, command);
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining(out) });
    expect(ended.err).toMatch(/^locks\.yaml:8:15: warning: .* are one file/);
  }
  const explained = await cliIn({ cwd }, "explain");
  expect(explained.out).toContain("Queue.lock of K0Lock and queue.lock of K1Lock, two kinds");
});
