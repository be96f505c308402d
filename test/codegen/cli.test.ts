import { cpSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { cliIn, Running } from "../support/cli.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";

const SPEC = `catalogue: sample
output: out
locks:
  AlphaLock:
    template: alpha.lock
    description: Protects alpha.
`;

function project(spec: string = SPEC): string {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [["locks.yaml", spec]]);
  return cwd;
}

test("generate says what it wrote, and the second time that nothing changed", async () => {
  const cwd = project();
  expect(await cliIn({ cwd }, "generate")).toEqual({
    code: 0,
    err: "",
    out: `created out/AlphaLock.ts
created out/LOCKS.md
created out/index.ts
created out/round-trip.test.ts
4 created, 0 updated, 0 deleted, 0 unchanged.
`,
  });
  expect(await cliIn({ cwd }, "generate")).toEqual({
    code: 0,
    err: "",
    out: "0 created, 0 updated, 0 deleted, 4 unchanged.\n",
  });
  expect(await cliIn({ cwd }, "check")).toEqual({
    code: 0,
    err: "",
    out: "4 files up to date with locks.yaml.\n",
  });
});

test("check exits 1 on a difference, shows it, and names the command that mends it", async () => {
  const cwd = project();
  await cliIn({ cwd }, "generate");
  unlinkSync(path.join(cwd, "out/AlphaLock.ts"));
  writeFileSync(
    path.join(cwd, "out/LOCKS.md"),
    readFileSync(path.join(cwd, "out/LOCKS.md"), "utf8").replace("alpha", "beta"),
  );
  const { code, out } = await cliIn({ cwd }, "check");
  expect(code).toBe(1);
  expect(out).toMatch(
    /^missing: out\/AlphaLock\.ts\n--- \/dev\/null\n\+\+\+ b\/out\/AlphaLock\.ts\n/u,
  );
  expect(out).toContain("stale: out/LOCKS.md\n--- a/out/LOCKS.md\n");
  expect(out).toMatch(
    /\n2 of 4 files not up to date with locks\.yaml\. Run: npx lock-catalogue generate\n$/u,
  );
});

test("a spec with problems exits 1 and prints them all", async () => {
  const cwd = project(SPEC.replace("template", "tmplate").replace("AlphaLock", "class"));
  const { code, out, err } = await cliIn({ cwd }, "generate");
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toBe(`\
locks.yaml:4:3: a lock needs the key "template"
    class:
    ^^^^^

locks.yaml:4:3: the lock name "class" is a reserved word of TypeScript: choose another name
    class:
    ^^^^^

locks.yaml:5:5: unknown key "tmplate" (did you mean "template"?)
      tmplate: alpha.lock
      ^^^^^^^

locks.yaml has 3 problems.
`);
});

test.each([
  ["a spec that is not there", ["check", "nowhere.yaml"], /cannot read the spec nowhere\.yaml/u],
  [
    "a directory in place of the spec",
    ["check", "."],
    /cannot read the spec \.: it is a directory: name the file in it$/mu,
  ],
  ["an empty name of the spec", ["check", ""], /cannot read the spec: its name is empty$/mu],
  ["an unknown flag", ["check", "--chekc"], /unknown option '--chekc'/u],
  ["an unknown command", ["generat"], /unknown command 'generat'.*generate/su],
  ["one argument too many", ["generate", "a", "b"], /too many arguments/u],
])("%s exits 2", async (_, args, message) => {
  const { code, out, err } = await cliIn({ cwd: project() }, ...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
});

test("no command at all shows the help and exits 2", async () => {
  const { code, err } = await cliIn({ cwd: project() });
  expect(code).toBe(2);
  expect(err).toContain("Usage: lock-catalogue");
});

test.each(["generate", "check"])(
  "%s --help shows an example and the exit codes",
  async (command) => {
    const { code, out } = await cliIn({ cwd: project() }, command, "--help");
    expect(code).toBe(0);
    expect(out).toContain(`$ npx lock-catalogue ${command}`);
    expect(out).toMatch(/Exit codes:\n {2}0 {2}fine\n {2}1 {2}.+\n {2}2 {2}could not run/u);
  },
);

test("without its optional dependencies the command says how to install them", async () => {
  // The package as installed with --omit=optional.
  const home = temporaryDirectory();
  cpSync(path.join(ROOT, "dist"), path.join(home, "dist"), { recursive: true });
  cpSync(path.join(ROOT, "package.json"), path.join(home, "package.json"));
  writeFiles(home, [["node_modules/.keep", ""]]);
  symlinkSync(path.join(ROOT, "node_modules/commander"), path.join(home, "node_modules/commander"));
  const main = path.join(home, "dist/src/cli/main.js");
  const generate = new Running(process.execPath, [main, "generate"], { cwd: project() });
  const { code, err } = await generate.end();
  expect(code).toBe(2);
  expect(err).toMatch(
    /^lock-catalogue: the generator cannot be loaded: the package "[\w@/-]+" is not installed\..*npm install --include=optional\n$/u,
  );
});
