import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";

let cwd: string;
let moved: string;

/** A catalogue as a generated one is once it is built, whose kinds know where they are. */
const source = (fixed: string) => `
import { Catalogue, LockFile } from ${JSON.stringify(pathToFileURL(join(ROOT, "dist/src/index.js")).href)};
const kindOf = (name, directory) => ({ [name]: class extends LockFile {
  static TEMPLATE = "lock";
  static LOCK_PATTERN = /^lock$/u;
  static DIRECTORY = directory;
  kind = name;
  constructor(options) { super(new.target.locate(options?.directory, {}), options); }
  static buildIfMatches(path) {
    const read = this.read(path, []);
    return read && new this({ directory: read.lockDirectory });
  }
} })[name];
export const placed = new Catalogue("placed", [
  kindOf("FixedLock", ${JSON.stringify(fixed)}),
  kindOf("MovedLock", { default: "/nonexistent/locks", env: "PLACED_LOCKS" }),
]);`;

beforeEach(() => {
  cwd = temporaryDirectory();
  moved = join(cwd, "moved");
  mkdirSync(join(cwd, "fixed"));
  writeFileSync(join(cwd, "placed.mjs"), source(join(cwd, "fixed")));
});

function placed(command: string, ...rest: readonly string[]) {
  const env = { PLACED_LOCKS: moved };
  return cliIn({ cwd, env }, command, "--catalogue", "./placed.mjs", ...rest);
}

describe("commands on a catalogue that knows its directories", () => {
  it("run and who need no --directory", async () => {
    const ran = await placed("run", "FixedLock", "--", "true");
    expect(ran).toEqual({ code: 0, out: "", err: "" });
    expect(readdirSync(join(cwd, "fixed"))).toEqual(["lock"]);
    const who = await placed("who", "FixedLock");
    expect(who.out).toContain("Free: nobody holds FixedLock");
    const help = await placed("run", "FixedLock", "--help");
    expect(help.out).toContain("run FixedLock -- sleep 60");
  });

  it("run takes a --directory all the same", async () => {
    mkdirSync(join(cwd, "given"));
    const ran = await placed("run", "FixedLock", "--directory", "given", "--", "true");
    expect(ran).toEqual({ code: 0, out: "", err: "" });
    expect(readdirSync(join(cwd, "given"))).toEqual(["lock"]);
    expect(readdirSync(join(cwd, "fixed"))).toEqual([]);
  });

  it("run says which directory is missing, and which variable is wrong", async () => {
    const missing = await placed("run", "MovedLock", "--", "true");
    expect(missing).toMatchObject({ code: 125, out: "" });
    expect(missing.err).toContain(`there is no directory ${moved}`);
    moved = "moved";
    const err =
      'lock-catalogue: the environment variable PLACED_LOCKS is the relative path "moved": ' +
      "set it to the absolute path of the lock directory, or unset it\n";
    expect(await placed("run", "MovedLock", "--", "true")).toEqual({ code: 125, out: "", err });
    for (const [name, ...kind] of [
      ["ls"],
      ["sweep"],
      ["who", "MovedLock"],
      ["path", "MovedLock"],
    ]) {
      expect(await placed(name ?? "", ...kind)).toEqual({ code: 2, out: "", err });
    }
  });

  it("say so if the path is empty, as that of a variable of the shell that is not set", async () => {
    const err = "lock-catalogue: the path of the directory is empty: name one\n";
    const run = await placed("run", "FixedLock", "--directory=", "--", "true");
    expect(run).toEqual({ code: 125, out: "", err });
    for (const name of ["ls", "sweep", "doctor"]) {
      expect(await placed(name, "")).toEqual({ code: 2, out: "", err });
    }
    const file = await cliIn({ cwd }, "run", "--file=", "--", "true");
    expect(file).toMatchObject({ code: 125, out: "" });
    expect(file.err).toMatch(/^lock-catalogue: .*--file <path>.* is invalid\. It is empty: /u);
    const who = await cliIn({ cwd }, "who", "");
    expect(who).toMatchObject({ code: 2, out: "" });
    expect(who.err).toMatch(/^lock-catalogue: .*'file'.* It is empty: /u);
  });

  it("ls and sweep without a directory look into all that are there", async () => {
    writeFileSync(join(cwd, "fixed/lock"), "");
    const one = await placed("ls", "--json");
    expect(JSON.parse(one.out)).toMatchObject([{ kind: "FixedLock" }]);
    mkdirSync(moved);
    writeFileSync(join(moved, "lock"), "");
    const both = await placed("ls", "--json");
    // In another directory than its own, no name is one of FixedLock's.
    expect(JSON.parse(both.out)).toMatchObject([{ kind: "FixedLock" }, { kind: "MovedLock" }]);
    const swept = await placed("sweep", "--json");
    expect(JSON.parse(swept.out)).toMatchObject({
      removed: [join(cwd, "fixed/lock"), join(moved, "lock")],
    });
    expect(readdirSync(moved)).toEqual([]);
  });

  it("of a catalogue without any, ls and sweep ask for one", async () => {
    for (const command of ["ls", "sweep"]) {
      const end = await cliIn({ cwd }, command);
      expect(end).toMatchObject({ code: 2, out: "" });
      expect(end.err).toContain("missing required argument 'directory'");
    }
  });
});
