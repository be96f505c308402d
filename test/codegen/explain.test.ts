import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { explain } from "../../codegen/index.js";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";

const BARMAN = path.join(ROOT, "test/codegen/barman");
const GOLDEN = path.join(ROOT, "test/codegen/golden");

test.each(["80", "120", "160", undefined])(
  "Barman's catalogue in %s columns comes out byte for byte",
  async (columns) => {
    const { code, out, err } = await cliIn({ cwd: BARMAN, env: { COLUMNS: columns } }, "explain");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    await expect(out).toMatchFileSnapshot(`told/explain-barman-${columns ?? "piped"}.txt`);
  },
);

test.each([
  "settled-overlap",
  "deprecated-and-unreadable",
  "awkward-descriptions",
  "listed-values",
  "whole-numbers",
  "ordered-locks",
  "shared-locks",
])("the golden catalogue %s in 80 columns comes out byte for byte", async (name) => {
  const { code, out } = await cliIn(
    { cwd: path.join(GOLDEN, name), env: { COLUMNS: "80" } },
    "explain",
  );
  expect(code).toBe(0);
  await expect(out).toMatchFileSnapshot(`told/explain-${name}.txt`);
});

test("--json comes out byte for byte", async () => {
  const { code, out } = await cliIn({ cwd: BARMAN }, "explain", "--json");
  expect(code).toBe(0);
  await expect(out).toMatchFileSnapshot("told/explain-barman-json.txt");
});

test("no line is wider than the terminal, none ends in a blank, and none is lost to the width", () => {
  const specs = [ROOT, BARMAN, ...readdirSync(GOLDEN).map((name) => path.join(GOLDEN, name))];
  for (const cwd of specs) {
    const { text, data } = explain({ cwd });
    if (!("kinds" in data)) throw new Error(`${cwd} is a valid catalogue`);
    for (let width = 80; width <= 200; width += 5) {
      const printed = text(width);
      const lines = printed.split("\n");
      expect(lines.filter((line) => stringWidth(line) > width)).toEqual([]);
      expect(lines.filter((line) => /\s$/u.test(line))).toEqual([]);
      // Wrapped cells are put together again: every letter of a regex is there.
      const flat = printed.replaceAll(/\s/gu, "");
      for (const { regex } of data.kinds) {
        if (regex !== null) expect(flat).toContain(regex.replaceAll(/\s/gu, ""));
      }
    }
  }
});

test("every regex and every witness in the JSON is what it is said to be", () => {
  const { data } = explain({ cwd: BARMAN });
  if (!("kinds" in data)) throw new Error("Barman's is a valid catalogue");
  const regexes = new Map(
    data.kinds.map(({ kind, regex }) => [kind, new RegExp(regex?.slice(1, -2) ?? "(?!)", "u")]),
  );
  expect(data.overlaps).toHaveLength(9);
  for (const { owner, other, witness, ownerValues, otherValues } of data.overlaps) {
    expect({ ...regexes.get(owner)?.exec(witness)?.groups }).toEqual(ownerValues);
    expect({ ...regexes.get(other)?.exec(witness)?.groups }).toEqual(otherValues);
    const order = (name: string) => data.kinds.findIndex(({ kind }) => kind === name);
    expect(order(owner)).toBeLessThan(order(other));
  }
});

test("a spec with problems exits 1 and prints them, as JSON where JSON was asked for", async () => {
  const cwd = temporaryDirectory();
  const text = readFileSync(path.join(BARMAN, "locks.yaml"), "utf8");
  writeFiles(cwd, [["locks.yaml", text.replace("wait: true", "wait: yes")]]);
  const plain = await cliIn({ cwd }, "explain");
  expect(plain).toEqual({
    code: 1,
    out: "",
    err: `\
locks.yaml:29:11: "wait" has to be true or false, not the string "yes"
      wait: yes
            ^^^

locks.yaml has 1 problem.
`,
  });
  const json = await cliIn({ cwd }, "explain", "--json");
  expect({ code: json.code, err: json.err }).toEqual({ code: 1, err: "" });
  expect(JSON.parse(json.out)).toEqual({
    problems: [
      {
        file: "locks.yaml",
        line: 29,
        column: 11,
        message: '"wait" has to be true or false, not the string "yes"',
        related: [],
      },
    ],
  });
});

test("a spec that is not there, and an unknown flag, exit 2", async () => {
  const cwd = temporaryDirectory();
  expect(await cliIn({ cwd }, "explain")).toEqual({
    code: 2,
    out: "",
    err: "lock-catalogue: cannot read the spec locks.yaml: there is no such file\n",
  });
  expect((await cliIn({ cwd }, "explain", "--yaml")).code).toBe(2);
});

test("explain --help shows an example and the exit codes", async () => {
  const { code, out } = await cliIn({ cwd: ROOT }, "explain", "--help");
  expect(code).toBe(0);
  expect(out).toContain("$ npx lock-catalogue explain --json");
  expect(out).toMatch(/Exit codes:\n {2}0 {2}fine\n {2}1 {2}.+\n {2}2 {2}could not run/u);
});
