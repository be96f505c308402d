import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { unlessTooComplex } from "../../codegen/automata/limits.js";
import { CannotRun, cannotRun } from "../../codegen/cannot-run.js";
import { defined } from "../../codegen/defined.js";
import { breaking, emit, explain, load } from "../../codegen/index.js";
import { canMount, inChild, nobodyReads } from "../support/child.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { SPEC } from "./project.js";

test("a value that is missing against all proofs ends the run, and a bug is not told as a fault of the spec", () => {
  expect(defined(0)).toBe(0);
  expect(() => defined([][0])).toThrow(/report this as a bug/u);
  const bug = new TypeError("x is not a function");
  const decide = () => {
    throw bug;
  };
  expect(() => unlessTooComplex(decide, () => null)).toThrow(bug);
  expect(cannotRun("cannot write", bug)).toBe(bug);
  const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
  expect(cannotRun("cannot write", full)).toEqual(new CannotRun("cannot write: no space left"));
});

test("npm run schema writes the JSON Schema that is committed", () => {
  const cwd = temporaryDirectory();
  mkdirSync(path.join(cwd, "codegen"));
  execFileSync(process.execPath, [path.join(ROOT, "dist/codegen/spec/write-json-schema.js")], {
    cwd,
  });
  const read = (root: string) => readFileSync(path.join(root, "codegen/locks.schema.json"), "utf8");
  expect(JSON.parse(read(cwd))).toEqual(JSON.parse(read(ROOT)));
});

test("what is invisible in a drawn example is escaped in code and in the reference", () => {
  const text = `catalogue: c
output: out
parameters:
  a:
    pattern: "\\\\n\\\\x85\\\\u2028"
locks:
  A:
    template: x{a}
    description: D.
`;
  const { spec, proof } = load({ file: "locks.yaml", text });
  if (spec === null) throw new Error("the spec is valid");
  const files = emit(spec, proof);
  expect(files.get("round-trip.test.ts")).toContain('["\\n\\u0085\\u2028"]');
  expect(files.get("LOCKS.md")).toContain("x\\u000a\\u0085\\u2028");
  for (const text of files.values()) expect(text).not.toMatch(/[\u{85}\u2028]/u);
});

test("a runtime in a scope has its test helper beside it", () => {
  const text = `catalogue: c
output: out
runtime: "@acme/locks"
locks:
  A:
    template: x
    description: D.
`;
  const { spec, proof } = load({ file: "locks.yaml", text });
  if (spec === null) throw new Error("the spec is valid");
  expect(emit(spec, proof).get("round-trip.test.ts")).toContain('from "@acme/locks/testing"');
});

const TWICE = "catalogue: c\noutput: out\noutput: x\nlocks: {}\n";

test("other places of a problem are told in the data, and there is no text of what is not explained", () => {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [["locks.yaml", TWICE]]);
  const related = [{ file: "locks.yaml", line: 2, column: 1, message: "the first one is here" }];
  const { data, text } = explain({ cwd });
  expect(data).toMatchObject({
    problems: [
      { line: 3, related },
      { line: 4, related: [] },
    ],
  });
  expect(text(80)).toBe("");
  expect(breaking({ cwd, against: "locks.yaml" }).data.problems[0]).toMatchObject({ related });
});

test("who makes the names of kinds that are not read back is told as that", () => {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [
    [
      "locks.yaml",
      `catalogue: c
output: out
locks:
  A:
    template: '"x  y❤\ufe0f"'
    description: D.
    readable: false
    precedes: [B]
  B:
    template: '"x  y❤\ufe0f"'
    description: D.
    readable: false
`,
    ],
  ]);
  const { text, problems } = explain({ cwd });
  expect(problems).toEqual([]);
  const printed = text(Number.POSITIVE_INFINITY);
  expect(printed).toContain('"\\"x  y❤\\ufe0f\\""');
  expect(printed).toContain("A  makes it as it stands");
  expect(printed).toContain("B  preceded: makes it as it stands");
});

const GENERATE = `
  const { CannotRun, generate } = await import("lock-catalogue/codegen");
  const [cwd] = args;
  let failure = null;
  try {
    generate({ cwd });
  } catch (error) {
    failure = { cannotRun: error instanceof CannotRun, message: error.message };
  }
  tell({ failure, left: fs.existsSync(cwd + "/out") ? fs.readdirSync(cwd + "/out") : null });
`;

test.skipIf(!nobodyReads)("an output where the user may not write cannot run", async () => {
  const cwd = temporaryDirectory();
  chmodSync(cwd, 0o755);
  writeFiles(cwd, [["locks.yaml", SPEC]]);
  expect(await inChild(GENERATE, { ordinaryUser: true, args: [cwd] })).toEqual({
    failure: { cannotRun: true, message: expect.stringMatching(/^cannot write to .*EACCES/u) },
    left: null,
  });
});

test.skipIf(!canMount)("on a full disk nothing is half written", async () => {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [["locks.yaml", SPEC]]);
  mkdirSync(path.join(cwd, "out"));
  const full = `mount -t tmpfs -o size=4k none '${cwd}/out'; exec "$@"`;
  expect(await inChild(GENERATE, { ownMounts: true, shell: full, args: [cwd] })).toEqual({
    failure: { cannotRun: true, message: expect.stringMatching(/^cannot write to .*ENOSPC/u) },
    left: [],
  });
});
