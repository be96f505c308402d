import fc from "fast-check";
import { expect, test } from "vitest";
import { read } from "../../codegen/spec/read-yaml.js";

const LONG = process.env["TORTURE"] === "long";
const SEED = LONG ? Date.now() % 2 ** 31 : 20_260_108;
const RUNS = LONG ? 100_000 : 5_000;

/** Signs of YAML and of regular expressions, and some letters, on one line. */
const text = fc
  .array(fc.constantFrom(..."abx01 ::##{}[]\\\\\"'`@%&*!|>?-+,.^$()"), {
    minLength: 1,
    maxLength: 12,
  })
  .map((characters) => characters.join(""));

const spec = (key: string, written: string) => `locks:
  A:
    ${key}: ${written}
    other: value
`;

/** What is read of a value, and what is said about it. */
function readAs(key: string, written: string): { value: unknown; other: unknown; said: string[] } {
  const { value, problems } = read({ file: "locks.yaml", text: spec(key, written) });
  const at = (path: string) =>
    ["locks", "A", path].reduce<unknown>((map, step) => Reflect.get(Object(map), step), value);
  return { value: at(key), other: at("other"), said: problems.map(({ message }) => message) };
}

test(`whatever stands behind "template" and "pattern", it is read as it was meant, or shown as it should be`, () => {
  let hints = 0;
  fc.assert(
    fc.property(
      fc.constantFrom("template", "pattern"),
      fc.oneof(
        // Quotes that do not close may do so on another line, " # " begins a comment, "!!str a" has a tag.
        text
          .map((one) => one.trim())
          .filter(
            (one) => !/^$|^["']|\s#(?:[^{]|$)|^#|^[|>][1-9+-]{0,2}$|^[&!]!?[\w-]+\s/u.test(one),
          ),
        text.map((one) => `"${one.replaceAll('"', "")}-"`),
      ),
      (key, written) => {
        const { value, other, said } = readAs(key, written);
        const inner = written.startsWith('"')
          ? written.slice(1, -1)
          : written.replaceAll("\\", "\\\\");
        expect(other).toBe("value");
        if (said.length === 0) {
          // A number or null is said where types are checked, and \x41 was meant for YAML.
          const isText =
            typeof value === "string" && !/\\[^\\/ ]/u.test(inner.replace(/\\\\/gu, ""));
          expect(isText ? value : "").toBe(isText ? inner.replace(/\\(.)/gu, "$1") : "");
          return;
        }
        hints += 1;
        expect(said).toHaveLength(1);
        const [, remedy = ""] =
          /: (?:quote the|write the) \w+(?: in single quotes)?, (?<remedy>'.*')$/u.exec(
            String(said[0]),
          ) ?? [];
        expect(readAs(key, remedy)).toEqual({ value, other, said: [] });
      },
    ),
    { seed: SEED, numRuns: RUNS },
  );
  expect(hints, `seed ${SEED}: values with a hint`).toBeGreaterThan(RUNS / 10);
});

test("between braces on lines of their own, nothing needs other quotes than in YAML", () => {
  const text = `parameters:
  x: {
    pattern: "(?:a|b)",
    examples: [a],
    }
locks:
  A:
    {
      template: "{x}.lock",
      description: Protects it,
    }
`;
  const { value, problems } = read({ file: "locks.yaml", text });
  expect(problems).toEqual([]);
  expect(value).toMatchObject({
    parameters: { x: { pattern: "(?:a|b)" } },
    locks: { A: { template: "{x}.lock", description: "Protects it" } },
  });
});
