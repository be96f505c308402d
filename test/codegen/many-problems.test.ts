import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { check } from "../../codegen/index.js";
import { temporaryDirectory } from "../support/directory.js";

/** A spec of so many kinds, each with these lines. */
function specOf(kinds: number, linesOf: (n: number) => readonly string[]): string {
  const locks = Array.from({ length: kinds }, (_, n) => linesOf(n).join("\n"));
  return `catalogue: one\noutput: out\nlocks:\n${locks.join("\n")}\n`;
}

const DESCRIPTION = "    description: Protects something.";

// What costs more with each problem before it takes minutes here, and what puts them all on the stack ends the process.
test.each([
  [
    "misspelt keys",
    40_000,
    specOf(20_000, (n) => [`  K${n}Lock:`, `    templat: k${n}.lock`, DESCRIPTION]),
    'unknown key "templat" (did you mean "template"?)',
  ],
  [
    "names that cannot be",
    150_000,
    specOf(150_000, (n) => [`  K-${n}:`, `    template: k${n}.lock`, DESCRIPTION]),
    '"K-0"',
  ],
  [
    "locks that are not there",
    20_000,
    specOf(20_000, (n) => [
      ...[`  K${n}Lock:`, `    template: k${n}.lock`, DESCRIPTION],
      `    precedes: Key${n}Lock`,
    ]),
    'there is no lock "Key0Lock" (did you mean "K0Lock"?)',
  ],
  [
    "values without their quotes",
    40_000,
    specOf(20_000, (n) => [`  K${n}Lock:`, "    template: {a}.lock", DESCRIPTION]),
    "quote the template, '{a}.lock'",
  ],
  [
    "lines that are no YAML",
    59_998,
    specOf(20_000, (n) => [`  K${n}Lock: ]`]),
    "is not valid YAML",
  ],
])("so many %s cost each as much as one: %d problems", (_, count, spec, said) => {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "locks.yaml"), spec);
  const { problems, report } = check({ cwd });
  expect(problems).toHaveLength(count);
  expect(report.slice(0, 1_000)).toContain(said);
});
