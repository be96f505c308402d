import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { check, load, report } from "../../codegen/index.js";
import { jsonSchema } from "../../codegen/spec/json-schema.js";
import { read } from "../../codegen/spec/read-yaml.js";
import { specSchema } from "../../codegen/spec/schema.js";
import { cliIn } from "../support/cli.js";
import { ROOT } from "../support/root.js";

const BARMAN = readFileSync(path.join(ROOT, "locks.yaml"), "utf8");

/** A folder per spec that is wrong: its `locks.yaml`, and what the command says of it in `stderr.txt`. */
const CASES = path.join(ROOT, "test/codegen/spec-errors");
const NAMES = readdirSync(CASES).toSorted();

// `npm run test:update` writes what is said now; `git diff` shows it.
test.each(NAMES)("%s: every problem, in order, at its line and column", async (name) => {
  const cwd = path.join(CASES, name);
  const { report: text, problems } = check({ cwd });
  expect(problems).not.toEqual([]);
  const count = `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
  const stderr = `${text}\nlocks.yaml has ${count}.\n`;
  await expect(stderr).toMatchFileSnapshot(path.join(cwd, "stderr.txt"));
});

test.each([
  "an-empty-file",
  "an-anchor-and-its-alias",
  "equal-templates",
  "marks-that-reverse-text",
])("%s: the command says what is in stderr.txt", async (name) => {
  const cwd = path.join(CASES, name);
  const err = readFileSync(path.join(cwd, "stderr.txt"), "utf8");
  expect(await cliIn({ cwd }, "check")).toEqual({ code: 1, out: "", err });
});

test("the specs are stored byte for byte", () => {
  const text = (name: string) => readFileSync(path.join(CASES, name, "locks.yaml"), "utf8");
  expect(text("crlf-line-endings-count-as-one-break")).toMatch(/\r\n/u);
  expect(text("a-byte-order-mark-does-not-count-as-a-column")).toMatch(/^\u{feff}/u);
  expect(text("an-empty-file")).toBe("");
});

test("Barman's catalogue has no problem", () => {
  expect(load({ file: "locks.yaml", text: BARMAN }).problems).toEqual([]);
});

test.each([
  ["CRLF line endings", BARMAN.replaceAll("\n", "\r\n")],
  ["a byte order mark", `\u{feff}${BARMAN}`],
])("%s change nothing about a spec", (_, text) => {
  const { spec } = load({ file: "locks.yaml", text });
  expect(spec?.kinds.map(({ name, template }) => [name, template])).toEqual(
    load({ file: "locks.yaml", text: BARMAN }).spec?.kinds.map(({ name, template }) => [
      name,
      template,
    ]),
  );
});

test("a problem is printed with its line, a caret under it, and related places", () => {
  const text = "catalogue: c\noutput: out\noutput: \tout\nlocks: {}\n";
  const source = { file: "locks.yaml", text };
  expect(report(load(source).problems, source)).toBe(`\
locks.yaml:3:1: the key "output" occurs twice: remove one
  output: \tout
  ^^^^^^
  locks.yaml:2:1: the first one is here
    output: out
    ^^^^^^

locks.yaml:4:1: a catalogue needs at least one lock
  locks: {}
  ^^^^^
`);
});

test("carets stand under wide characters and after tabs, and no control character reaches the terminal", () => {
  const text = 'locks:\n  A: {template: "漢{x}",\twait: "\u{1b}[2J"}\ncatalogue: c\noutput: o\n';
  const source = { file: "locks.yaml", text };
  const printed = report(load(source).problems, source);
  expect(printed).toContain(
    '  A: {template: "漢{x}",\twait: "\\x1b[2J"}\n                     ^^^\n',
  );
  expect(printed).toContain(`${" ".repeat(24)} \t      ^^^^^^^^^`.replace(/^ /u, ""));
  expect(printed).not.toContain("\u{1b}");
});

test("the committed JSON Schema is the one that the validator's schema gives", () => {
  const committed = readFileSync(path.join(ROOT, "codegen/locks.schema.json"), "utf8");
  expect(JSON.parse(committed), "run: npm run schema").toEqual(jsonSchema());
  expect(BARMAN.split("\n")[0]).toBe("# yaml-language-server: $schema=./codegen/locks.schema.json");
});

test("a key $schema, by which editors find the schema, is legal and changes nothing", () => {
  const text = `$schema: ./node_modules/lock-catalogue/codegen/locks.schema.json\n${BARMAN}`;
  const { spec, problems } = load({ file: "locks.yaml", text });
  expect(problems).toEqual([]);
  expect(spec?.kinds.map(({ name }) => name)).toEqual(
    load({ file: "locks.yaml", text: BARMAN }).spec?.kinds.map(({ name }) => name),
  );
  const { value } = read({ file: "locks.yaml", text });
  expect(z.fromJSONSchema(jsonSchema()).safeParse(value).success).toBe(true);
  const wrong = load({ file: "locks.yaml", text: text.replace(/(?<=^\$schema: ).*/u, "1") });
  expect(wrong.problems.map(({ message }) => message)).toEqual([
    "\"$schema\" has to be a string, and 1 is a number in YAML: quote it, '1'",
  ]);
});

test("the JSON Schema is known by one stable $id", () => {
  expect(jsonSchema()["$id"]).toBe(
    "https://raw.githubusercontent.com/lock-catalogue/lock-catalogue/main/codegen/locks.schema.json",
  );
});

test("every key of the JSON Schema has a description for editors", () => {
  const missing: string[] = [];
  const visit = (schema: unknown, where: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    for (const [key, value] of Object.entries(schema)) {
      if (key !== "properties") {
        visit(value, `${where}/${key}`);
        continue;
      }
      for (const [name, property] of Object.entries(value as Record<string, object>)) {
        if (!("description" in property)) missing.push(`${where}/${name}`);
        visit(property, `${where}/${name}`);
      }
    }
  };
  visit(jsonSchema(), "");
  expect(missing).toEqual([]);
});

/** What the validator says of a name that its schema lets pass, and the JSON Schema does not. */
const NO_NAME = /name "[^"]*" (?:cannot be a name in code|is empty)/u;

test.each<[name: string, folder: string]>([
  ["Barman's catalogue", ROOT],
  ...NAMES.map((name): [string, string] => [name, path.join(CASES, name)]),
])("%s: the JSON Schema and the validator agree", (_, folder) => {
  const source = {
    file: "locks.yaml",
    text: readFileSync(path.join(folder, "locks.yaml"), "utf8"),
  };
  const { value } = read(source);
  const { problems } = load(source);
  const accepts = z.fromJSONSchema(jsonSchema()).safeParse(value).success;
  // An editor marks what the validator's schema refuses, a name that cannot be one, and that there is no lock; and
  // nothing in a valid spec.
  const isNamed = !problems.some(({ message }) => NO_NAME.test(message));
  const hasLocks = !problems.some(({ message }) => message.includes("at least one lock"));
  expect(accepts).toBe(specSchema.safeParse(value).success && isNamed && hasLocks);
  expect(accepts || problems.length > 0).toBe(true);
});
