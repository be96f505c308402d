import { expect, test } from "vitest";
import { load, report } from "../../codegen/index.js";
import { asData } from "../../codegen/report.js";

const HEAD = "catalogue: c\noutput: out\n";
const KIND = "  K:\n    template: k.lock\n    description: D.\n";
const repeat = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join("");

/** What took minutes or ran out of stack when each problem cost a look through all of the spec. */
test.each<[what: string, problems: number, text: string]>([
  [
    "misspelt keys",
    20_000,
    `${HEAD}locks:\n${repeat(20_000, (index) => `${KIND.replace("K", `K${index}`)}    wiat: true\n`)}`,
  ],
  [
    "names that cannot be names",
    150_000,
    `${HEAD}locks:\n${KIND}parameters:\n${repeat(150_000, (index) => `  1p${index}: {}\n`)}`,
  ],
  [
    "faults of YAML",
    150_000,
    `${HEAD}locks:\n${repeat(150_000, (index) => `  K${index}: 'a'b\n`)}`,
  ],
  [
    "unknown kinds in precedes",
    10_000,
    `${HEAD}locks:\n${repeat(10_000, (index) => `${KIND.replace("K", `K${index}`)}    precedes: Unknown${index}\n`)}`,
  ],
  ["kinds on one line", 5_000, `${HEAD}locks: {${repeat(5_000, (index) => `K${index}: 1,`)}}\n`],
])(
  "a spec with thousands of %s is told about each of them",
  (_, count, text) => {
    const source = { file: "locks.yaml", text };
    const { problems } = load(source);
    expect(problems.length).toBeGreaterThanOrEqual(count);
    const printed = report(problems, source);
    expect(printed.match(/^locks\.yaml:/gmu)).toHaveLength(problems.length);
    // As long as the spec, up to a factor: none of its lines is printed whole for each problem in it.
    expect(printed.length).toBeLessThan(problems.length * 1_000);
    const places = asData(problems, source).map(({ line, column }) => [line, column]);
    expect(places.at(0)).toEqual(
      printed
        .match(/^locks\.yaml:(\d+):(\d+)/u)
        ?.slice(1)
        .map(Number),
    );
  },
  120_000,
);

test("a place is counted in lines of any ending and in code points", () => {
  const text = "\u{feff}a\r\n😀b\rc\n\nd😀😀é e";
  const source = { file: "locks.yaml", text };
  const count = (offset: number) => {
    const lines = text.slice(0, offset).split(/\r\n|\n|\r/u);
    return [lines.length, [...String(lines.at(-1)).replace(/^\u{feff}/u, "")].length + 1];
  };
  const offsets = Array.from({ length: text.length + 1 }, (_, offset) => offset).filter(
    (offset) => text[offset] !== "\n" || text[offset - 1] !== "\r",
  );
  const problems = offsets.map((start) => ({ place: { start, end: start + 1 }, message: "here" }));
  expect(asData(problems, source).map(({ line, column }) => [line, column])).toEqual(
    offsets.map(count),
  );
});

test("of a long line, what is around the place is shown, and no half of a character", () => {
  const text = `${"😀".repeat(99)}x${"😀".repeat(500)}`;
  const source = { file: "locks.yaml", text };
  const printed = report([{ place: { start: 198, end: 199 }, message: "here" }], source);
  expect(printed).toMatch(/^locks\.yaml:1:100: here\n {2}…(?:😀)+x(?:😀)+…\n +\^\n$/u);
  expect(printed.length).toBeLessThan(600);
});

test("brackets within brackets that run out of stack are told to be too many", () => {
  const text = `${HEAD}locks: ${"[".repeat(50_000)}${"]".repeat(50_000)}\n`;
  const messages = load({ file: "locks.yaml", text }).problems.map(({ message }) => message);
  expect(messages).toContain("this is nested too deeply: a spec has a few levels of maps");
  expect(messages.join("\n")).not.toMatch(/call stack/iu);
});
