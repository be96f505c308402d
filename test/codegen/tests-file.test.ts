import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { CannotRun, check, generate } from "../../codegen/index.js";
import { temporaryName } from "../../codegen/output/write.js";
import { readFiles, temporaryDirectory, writeFiles } from "../support/directory.js";
import { project, SPEC } from "./project.js";

/** The spec with this behind `tests:`, and its output elsewhere if that is said. */
function spec(tests: string, output = "src/locks"): string {
  return SPEC.replace("output: out", `output: ${output}\ntests: ${tests}`);
}

const ELSEWHERE: string = spec("{ file: test/locks.test.ts }");

/** The paths of files that are not as they should be, by what has to happen to them. */
function changes(cwd: string, name = "locks.yaml"): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { path: file, state } of check({ cwd, spec: name }).files) {
    if (state !== "fresh") found[state] = [...(found[state] ?? []), file];
  }
  return found;
}

function rewrite(cwd: string, text: string): void {
  writeFileSync(path.join(cwd, "locks.yaml"), text);
}

const text = (...parts: string[]): string => readFileSync(path.join(...parts), "utf8");

test("tests go where the spec says, import the output from there, and are noted in the reference", () => {
  const { cwd } = project(ELSEWHERE);
  expect(readdirSync(path.join(cwd, "src/locks")).toSorted()).toEqual([
    "AlphaLock.ts",
    "BetaLock.ts",
    "LOCKS.md",
    "index.ts",
  ]);
  const tests = text(cwd, "test/locks.test.ts");
  expect(tests).toMatch(/^\/\/ Generated from \.\.\/locks\.yaml by /u);
  expect(tests).toContain('} from "../src/locks/index.js";');
  expect(tests).toContain('from "lock-catalogue/testing";');
  expect(text(cwd, "src/locks/LOCKS.md").split("\n")[1]).toBe(
    "<!-- Its tests are ../../test/locks.test.ts -->",
  );
  expect(changes(cwd)).toEqual({});
});

test("tests import a runtime of the project's own from where they are", () => {
  const { cwd } = project(
    spec("{ file: test/deep/locks.test.ts }\nruntime: ../../../shared/locks/index.js"),
  );
  expect(text(cwd, "src/locks/AlphaLock.ts")).toContain('from "../../../shared/locks/index.js"');
  const tests = text(cwd, "test/deep/locks.test.ts");
  expect(tests).toContain('from "../../../shared/locks/testing.js"');
  expect(tests).toContain('from "../../src/locks/index.js"');
});

test.each([
  ["another place", spec("{ file: checks/locks.spec.ts }"), ["checks/locks.spec.ts"]],
  ["none at all", spec("{ runner: none }"), undefined],
  ["the output", spec("{ runner: node }"), ["src/locks/round-trip.test.ts"]],
])("after a move of the tests to %s the old file is orphaned, and goes", (_, next, missing) => {
  const { cwd } = project(ELSEWHERE);
  rewrite(cwd, next);
  expect(changes(cwd)).toEqual({
    ...(missing && { missing }),
    orphaned: ["test/locks.test.ts"],
    stale: ["src/locks/LOCKS.md"],
  });
  expect(existsSync(path.join(cwd, "test/locks.test.ts"))).toBe(true);
  generate({ cwd });
  expect(changes(cwd)).toEqual({});
  expect(existsSync(path.join(cwd, "test"))).toBe(false);
});

test("a move of the tests out of the output, and within it, leaves none behind", () => {
  const { cwd, out } = project();
  rewrite(cwd, spec("{ file: test/locks.test.ts }", "out"));
  expect(changes(cwd)["orphaned"]).toEqual(["out/round-trip.test.ts"]);
  generate({ cwd });
  rewrite(cwd, spec("{ file: out/names.test.ts }", "out"));
  generate({ cwd });
  rewrite(cwd, spec("{ file: out/locks.test.ts }", "out"));
  expect(changes(cwd)).toEqual({
    missing: ["out/locks.test.ts"],
    orphaned: ["out/names.test.ts"],
  });
  generate({ cwd });
  expect(readdirSync(out).filter((name) => name.includes("test"))).toEqual(["locks.test.ts"]);
  expect(existsSync(path.join(cwd, "test"))).toBe(false);
});

test("old tests without our header are left alone, and so is the folder", () => {
  const { cwd } = project(ELSEWHERE);
  const mine = 'import { test } from "vitest";\n';
  writeFileSync(path.join(cwd, "test/locks.test.ts"), mine);
  rewrite(cwd, spec("{ runner: none }"));
  expect(changes(cwd)).toEqual({ stale: ["src/locks/LOCKS.md"] });
  generate({ cwd });
  expect(text(cwd, "test/locks.test.ts")).toBe(mine);
});

test("output and tests that move at once leave nothing behind, into the old output as well", () => {
  const { cwd } = project(ELSEWHERE);
  rewrite(cwd, spec("{ file: src/locks/names.test.ts }", "lib"));
  generate({ cwd });
  expect(changes(cwd)).toEqual({});
  expect(readdirSync(cwd).toSorted()).toEqual(["lib", "locks.yaml", "src"]);
  expect(readdirSync(path.join(cwd, "src/locks"))).toEqual(["names.test.ts"]);
});

test("tests that stay in an output that moves are written anew, and are no orphans", () => {
  const { cwd } = project(spec("{ file: src/names.test.ts }", "src"));
  rewrite(cwd, spec("{ file: src/names.test.ts }"));
  const { orphaned, stale } = changes(cwd);
  expect(stale).toEqual(["src/names.test.ts"]);
  expect(orphaned).toEqual(
    ["AlphaLock.ts", "BetaLock.ts", "LOCKS.md", "index.ts"].map((n) => `src/${n}`),
  );
  generate({ cwd });
  expect(changes(cwd)).toEqual({});
  expect(text(cwd, "src/names.test.ts")).toContain('from "./locks/index.js"');
});

test("a spec that is renamed finds the tests that its old name has left", () => {
  const { cwd } = project(ELSEWHERE);
  renameSync(path.join(cwd, "locks.yaml"), path.join(cwd, "catalogue.yaml"));
  writeFileSync(path.join(cwd, "catalogue.yaml"), spec("{ file: checks/locks.test.ts }"));
  expect(changes(cwd, "catalogue.yaml")["orphaned"]).toEqual(["test/locks.test.ts"]);
  generate({ cwd, spec: "catalogue.yaml" });
  expect(changes(cwd, "catalogue.yaml")).toEqual({});
  expect(existsSync(path.join(cwd, "test"))).toBe(false);
});

test("a note that leads out of the spec's folder leads to nothing", () => {
  const { cwd } = project(ELSEWHERE);
  const elsewhere = temporaryDirectory();
  const file = path.join(elsewhere, "locks.test.ts");
  writeFileSync(
    file,
    text(cwd, "test/locks.test.ts").replace("../locks.yaml", path.join(cwd, "locks.yaml")),
  );
  const reference = path.join(cwd, "src/locks/LOCKS.md");
  for (const leads of [path.relative(path.dirname(reference), file), "../../link/locks.test.ts"]) {
    if (leads.includes("link")) symlinkSync(elsewhere, path.join(cwd, "link"));
    const noted = text(reference).replace(/(?<=Its tests are )\S+/u, leads);
    expect(noted).toContain(leads);
    writeFileSync(reference, noted);
    generate({ cwd });
    expect(existsSync(file), leads).toBe(true);
  }
});

/** What stands in the way of the tests, and what the generator says then. */
const OBSTACLES: readonly [string, (cwd: string) => void, RegExp][] = [
  [
    "a hand-written file where the tests belong",
    (cwd) => writeFiles(cwd, [["test/locks.test.ts", "export {};\n"]]),
    /test\/locks\.test\.ts was not generated.*move it away/u,
  ],
  [
    "the tests of another spec",
    (cwd) => {
      writeFiles(cwd, [["other.yaml", spec("{ file: test/locks.test.ts }", "other")]]);
      generate({ cwd, spec: "other.yaml" });
    },
    /was generated from other\.yaml, not from locks\.yaml: give each spec its own "output" and "tests"/u,
  ],
  [
    "a link as the folder of the tests",
    (cwd) => {
      mkdirSync(path.join(cwd, "real"));
      symlinkSync("real", path.join(cwd, "test"));
    },
    /test is a symbolic link/u,
  ],
  [
    "a file as the folder of the tests",
    (cwd) => writeFileSync(path.join(cwd, "test"), ""),
    /test is not a directory/u,
  ],
];

test.each(OBSTACLES)("%s stops the generator before it writes", (_, obstruct, message) => {
  const cwd = temporaryDirectory();
  obstruct(cwd);
  rewrite(cwd, ELSEWHERE);
  expect(() => generate({ cwd })).toThrow(message);
  expect(() => generate({ cwd })).toThrow(CannotRun);
  expect(existsSync(path.join(cwd, "src"))).toBe(false);
});

test("leftovers of a killed run are removed beside the tests too", () => {
  const { cwd } = project(ELSEWHERE);
  // No process has a number above the kernel's limit of 2^22.
  const dead = temporaryName("locks.test.ts", 4_194_999);
  writeFiles(path.join(cwd, "test"), [[dead, "half"]]);
  generate({ cwd });
  expect(readdirSync(path.join(cwd, "test"))).toEqual(["locks.test.ts"]);
});

test("tests that are edited are stale, with a diff that names them, and are written again", () => {
  const { cwd } = project(ELSEWHERE);
  const file = path.join(cwd, "test/locks.test.ts");
  const before = readFiles(path.join(cwd, "test"));
  writeFileSync(file, text(file).replace("alpha-", "alfa-"));
  const [found] = check({ cwd }).files.filter(({ state }) => state !== "fresh");
  expect(found).toMatchObject({ path: "test/locks.test.ts", state: "stale" });
  expect(found?.diff).toContain("--- a/test/locks.test.ts\n+++ b/test/locks.test.ts\n");
  generate({ cwd });
  expect(readFiles(path.join(cwd, "test"))).toEqual(before);
});
