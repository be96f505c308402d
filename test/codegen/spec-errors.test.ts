import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { load, report } from "../../codegen/index.js";
import { position } from "../../codegen/report.js";
import { jsonSchema } from "../../codegen/spec/json-schema.js";
import { read } from "../../codegen/spec/read-yaml.js";
import { specSchema } from "../../codegen/spec/schema.js";
import { ROOT } from "../support/root.js";
import { SPEC_ERRORS } from "./spec-error-cases.js";

const BARMAN = readFileSync(path.join(ROOT, "locks.yaml"), "utf8");

test.each(SPEC_ERRORS)(
  "$name: every problem, in order, at its line and column",
  ({ text, problems }) => {
    const found = load({ file: "locks.yaml", text }).problems.map(({ place, message }) => {
      const { line, column } = position(text, place.start);
      return `${line}:${column} ${message}`;
    });
    expect(found).toEqual(problems);
  },
);

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

test.each([...SPEC_ERRORS, { name: "Barman's catalogue", text: BARMAN }])(
  "$name: the JSON Schema and the validator agree",
  ({ text }) => {
    const { value, problems } = read({ file: "locks.yaml", text });
    const accepts = z.fromJSONSchema(jsonSchema()).safeParse(value).success;
    // What the validator's own schema refuses, the JSON Schema refuses; and nobody's editor marks a
    // valid spec.
    if (value !== null && !specSchema.safeParse(value).success) expect(accepts).toBe(false);
    if (load({ file: "locks.yaml", text }).problems.length === 0) expect(accepts).toBe(true);
    if (!accepts)
      expect(problems.length + load({ file: "locks.yaml", text }).problems.length).toBeGreaterThan(
        0,
      );
  },
);
