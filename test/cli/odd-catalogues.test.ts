import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

/** A kind that is no class: all that a catalogue is asked for, by hand. */
const KIND = `{ name: "X", TEMPLATE: null, LOCK_PATTERN: null, PARAMETERS: {},
  DEFAULTS: { raiseIfFail: true, wait: false }, buildIfMatches: () => null }`;

/** Runs a command on a catalogue module of this text. */
function withModule(text: string, ...args: readonly string[]): ReturnType<typeof cliIn> {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "odd.mjs"), text);
  writeFileSync(join(cwd, "a.lock"), "");
  const [command = "", ...rest] = args;
  return cliIn({ cwd }, command, "--catalogue", "./odd.mjs", ...rest);
}

const naming = (identify: string): string =>
  `import { LockFile } from ${JSON.stringify(join(import.meta.dirname, "../../dist/src/index.js"))};
   export const odd = { name: "odd", kinds: [${KIND}], identify: ${identify} };`;

describe("a catalogue that no generator wrote", () => {
  it("is looked for beside this package where its own offers itself to imports alone", async () => {
    const cwd = temporaryDirectory();
    const home = join(cwd, "node_modules", "only");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), '{ "exports": { "import": "./index.js" } }');
    const { code, err } = await cliIn({ cwd }, "ls", ".", "--catalogue", "only");
    expect(code).toBe(2);
    expect(err).toContain("cannot import the catalogue only: Cannot find package 'only'");
  });

  it.each([
    ["exports nothing", "export {};", "exports no catalogue, only nothing."],
    [
      "exports two",
      `const of = (name) => ({ name, kinds: [], identify: () => null });
       export const a = of("a"), b = of("b");`,
      "exports several catalogues (a, b): name a module with one.",
    ],
    [
      "throws what is no error",
      'throw "no error";',
      "cannot import the catalogue ./odd.mjs: no error",
    ],
  ])("and that %s is refused", async (_how, text, message) => {
    const { code, out, err } = await withModule(text, "ls", ".");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  it("may know locks that are of none of its kinds: they are shown without parameters", async () => {
    const { code, out } = await withModule(naming("(path) => new LockFile(path)"), "ls", ".");
    expect(code).toBe(0);
    expect(out).toMatch(/^LockFile +free$/mu);
  });

  it("whose kind is no class cannot be run with it", async () => {
    const { code, err } = await withModule(
      naming("() => null"),
      ...["run", "X", "--directory", ".", "--", "true"],
    );
    expect({ code, err }).toEqual({
      code: 125,
      err: "lock-catalogue: X is no class of locks\n",
    });
  });

  it.each([
    ["the stack of a bug", "() => null.x", /^lock-catalogue: TypeError: .*\n +at /u],
    [
      "what is thrown and is no error",
      '() => { throw "no error"; }',
      /^lock-catalogue: no error\n$/u,
    ],
    [
      "the message of the system",
      '() => process.chdir("/nowhere")',
      /^lock-catalogue: ENOENT: no such file or directory, chdir .*\n$/u,
    ],
  ])("is told on with %s", async (_what, identify, message) => {
    const { code, err } = await withModule(naming(identify), "ls", ".");
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
