import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MISSING, TAKE, TAKEN } from "./take.js";
import { Workshop } from "./workshop.js";

const workshop = new Workshop();

/** Where Node.js and npm are to be found, and a shell, but no compiler, make or Python. */
const bare = join(workshop.directory, "bin");
mkdirSync(bare);
symlinkSync(process.execPath, join(bare, "node"));
for (const program of ["npm", "npx", "sh"]) symlinkSync(locate(program), join(bare, program));
const WITHOUT = { PATH: bare, PYTHON: undefined, npm_config_python: undefined };

describe("on a machine without a compiler", () => {
  const add = ["install", "--no-audit", "--no-fund", workshop.tarball];

  it("npm install says what is missing, and leaves the project as it was", () => {
    const project = workshop.empty("refused", { allowScripts: { "fs-ext": true } });
    const manifest = () => readFileSync(join(project.directory, "package.json"), "utf8");
    const before = manifest();
    const { status, output } = project.run("npm", add, WITHOUT);
    expect(status).not.toBe(0);
    expect(output).toMatch(
      /path .*\/node_modules\/fs-ext\n.*Could not find any Python installation/s,
    );
    expect(existsSync(join(project.directory, "node_modules", "lock-catalogue"))).toBe(false);
    expect(manifest()).toBe(before);
  });

  it("all but the lock works after npm install --ignore-scripts, and the error's command mends that", () => {
    const project = workshop.empty("mended", { allowScripts: { "fs-ext": true } });
    for (const [name, text] of Object.entries(TAKE)) project.write(name, text);
    project.must("npm", [...add, "--ignore-scripts"], WITHOUT);
    const take = () => project.run("node", ["take.mjs"]);

    const { output } = take();
    expect(output).toMatch(MISSING);
    const [, program = "", args = ""] = /run `(\S+) ([^`]+)`/.exec(output) ?? [];
    expect(project.run(program, args.split(" "), WITHOUT)).toMatchObject({
      output: expect.stringContaining("Could not find any Python installation"),
    });
    expect(take().output).toBe(output);

    expect(project.run(program, args.split(" "))).toMatchObject({ status: 0 });
    expect(take()).toEqual({ status: 0, output: TAKEN });
  });

  it("the command says the same as the error, and fails as it does where it cannot run", () => {
    const project = workshop.empty("told", { allowScripts: { "fs-ext": true } });
    project.must("npm", [...add, "--ignore-scripts"], WITHOUT);
    project.write("locks/.cron.lock", "");
    const npx = (...args: string[]) =>
      project.run("npx", ["--no-install", "lock-catalogue", ...args]);
    const output = expect.stringMatching(/^lock-catalogue: .*run `npm rebuild fs-ext`/);
    expect(npx("ls", "locks")).toEqual({ status: 2, output });
    const run = ["run", "GlobalCronLock", "--directory", "locks", "--", "true"];
    expect(npx(...run)).toEqual({ status: 125, output });
    // What needs no lock does not miss it.
    expect(npx("explain", "node_modules/lock-catalogue/locks.yaml")).toMatchObject({ status: 0 });
  });
});

/** The file that a program's name stands for. */
function locate(program: string): string {
  const found = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" });
  return realpathSync(found.trim());
}
