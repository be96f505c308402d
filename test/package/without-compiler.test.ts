import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TAKE, TAKEN, TAKEN_SLOWLY } from "./take.js";
import { type Project, Workshop } from "./workshop.js";

const workshop = new Workshop();

/** Where Node.js and npm are to be found, a shell and flock, but no compiler, make or Python. */
const bare = join(workshop.directory, "bin");
mkdirSync(bare);
symlinkSync(process.execPath, join(bare, "node"));
for (const program of ["npm", "npx", "sh", "flock"]) {
  symlinkSync(locate(program), join(bare, program));
}
const WITHOUT = { PATH: bare, PYTHON: undefined, npm_config_python: undefined };

/** The same without flock. */
const barest = join(workshop.directory, "node");
mkdirSync(barest);
symlinkSync(process.execPath, join(barest, "node"));

const INSTALL = ["install", "--no-audit", "--no-fund"];

/** A project that may run install scripts, with the program in it. */
function start(name: string): Project {
  const project = workshop.empty(name, { allowScripts: { "fs-ext": true } });
  for (const [module, text] of Object.entries(TAKE)) project.write(module, text);
  return project;
}
const has = (project: Project, name: string): boolean =>
  existsSync(join(project.directory, "node_modules", name));

describe("on a machine without a compiler", () => {
  it("npm installs all but fs-ext, the flock program takes the locks, and the command of the warning makes it fast", () => {
    const project = start("compiled-later");
    project.must("npm", [...INSTALL, workshop.tarball], WITHOUT);
    expect([has(project, "ts-morph"), has(project, "fs-ext")]).toEqual([true, false]);
    const { status, output } = project.run("node", ["take.mjs"], WITHOUT);
    expect([status, output]).toEqual([0, expect.stringMatching(TAKEN_SLOWLY)]);

    const [, program = "", args = ""] = /run `(\S+) ([^`]+)`/.exec(output) ?? [];
    expect([program, args]).toEqual(["npm", "install fs-ext"]);
    expect(project.run(program, args.split(" "), WITHOUT)).toMatchObject({
      output: expect.stringContaining("Could not find any Python installation"),
    });
    project.must(program, args.split(" "));
    expect(project.run("node", ["take.mjs"])).toEqual({ status: 0, output: TAKEN });
  });

  it("where there is no flock program either, names are read, and a lock says what is missing", () => {
    const project = start("neither");
    project.must("npm", [...INSTALL, workshop.tarball], WITHOUT);
    const { status, output } = project.run("node", ["take.mjs"], { PATH: barest });
    expect(status).toBe(0);
    expect(output).toMatch(
      /^main ServerBackupLock\nLOCK_NATIVE_MISSING .*`npm install fs-ext`.*`flock` program.*not in the PATH/,
    );
  });

  it("the command says the same as the error, and fails as it does where it cannot run", () => {
    const project = start("told");
    project.must("npm", [...INSTALL, workshop.tarball], WITHOUT);
    project.write("locks/.cron.lock", "");
    const command = "node_modules/lock-catalogue/dist/src/cli/main.js";
    const run = (...args: string[]) => project.run("node", [command, ...args], { PATH: barest });
    const output = expect.stringMatching(/^lock-catalogue: .*run `npm install fs-ext`/);
    expect(run("ls", "locks")).toEqual({ status: 2, output });
    const lock = ["run", "GlobalCronLock", "--directory", "locks", "--", "true"];
    expect(run(...lock)).toEqual({ status: 125, output });
    // What needs no lock does not miss it.
    expect(run("explain", "node_modules/lock-catalogue/locks.yaml")).toMatchObject({ status: 0 });
  });
});

describe("without its install script", () => {
  it("npm install --ignore-scripts does not compile fs-ext, and what the warning says compiles it", () => {
    const project = start("ignored");
    project.must("npm", [...INSTALL, "--ignore-scripts", workshop.tarball]);
    const { output } = project.run("node", ["take.mjs"]);
    expect(output).toMatch(TAKEN_SLOWLY);
    const [, program = "", args = ""] = /run `(\S+) ([^`]+)`/.exec(output) ?? [];
    expect([program, args]).toEqual(["npm", "rebuild fs-ext"]);
    project.must(program, args.split(" "));
    expect(project.run("node", ["take.mjs"])).toEqual({ status: 0, output: TAKEN });
  });
});

describe("with --omit=optional", () => {
  it("a program takes its locks through flock, and fast with fs-ext beside", () => {
    const project = start("omitted");
    project.must("npm", [...INSTALL, "--omit=optional", workshop.tarball]);
    expect([has(project, "ts-morph"), has(project, "fs-ext")]).toEqual([false, false]);
    expect(project.run("node", ["take.mjs"]).output).toMatch(TAKEN_SLOWLY);
    project.must("npm", [...INSTALL, "--omit=optional", "fs-ext"]);
    expect(has(project, "ts-morph")).toBe(false);
    expect(project.run("node", ["take.mjs"])).toEqual({ status: 0, output: TAKEN });
    // As on a server, from the lock file.
    project.must("npm", ["ci", "--no-audit", "--no-fund", "--omit=optional"]);
    expect(project.run("node", ["take.mjs"])).toEqual({ status: 0, output: TAKEN });
  });
});

/** The file that a program's name stands for. */
function locate(program: string): string {
  const found = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" });
  return realpathSync(found.trim());
}
