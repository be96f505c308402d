import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { cliIn, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { hasTerminal, Terminal } from "../support/terminal.js";

const SPEC = `catalogue: printers
output: out
parameters:
  queue: { pattern: "[a-z]+" }
  job: { values: [print, scan] }
  tray: { type: integer, min: 1, max: 4 }
locks:
  SpoolerLock:
    template: spooler.pid
    description: Protects the spooler.
  TrayLock:
    template: "{queue}.{job}.{tray}.lock"
    description: Protects a tray.
    named: true
    wait: true
`;

/** A project with a spec of which nothing was ever generated, and a directory of locks. */
function project(spec: string = SPEC): { cwd: string; at: (name: string) => string } {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "locks.yaml"), spec);
  mkdirSync(join(cwd, "run"));
  return { cwd, at: (name) => join(cwd, "run", name) };
}

const TRAY = ["TrayLock", "--directory", "run", "--queue", "hp", "--job", "scan", "--tray", "2"];

describe("a project with a locks.yaml", () => {
  it("is what run, who, path, ls and sweep take their kinds from", async () => {
    const { cwd, at } = project();
    const ask = (...args: string[]) => cliIn({ cwd }, ...args);
    expect(await ask("path", ...TRAY)).toEqual({
      code: 0,
      out: `${at("hp.scan.2.lock")}\n`,
      err: "",
    });
    expect(existsSync(at("hp.scan.2.lock"))).toBe(false);

    const ran = await ask("run", ...TRAY, "--", "sh", "-c", "touch run/spooler.pid; echo in");
    expect(ran).toEqual({ code: 0, out: "in\n", err: "" });
    using tray = new LockFile(at("hp.scan.2.lock"));
    tray.acquireSync();

    const who = await ask("who", ...TRAY);
    expect(who).toMatchObject({ code: 0, err: "" });
    expect(who.out).toContain(`PID ${process.pid} (`);
    expect(who.out).toContain("holds TrayLock queue=hp job=scan tray=2, since");
    expect(JSON.parse((await ask("ls", "run", "--json")).out)).toMatchObject([
      { kind: "TrayLock", parameters: { queue: "hp", job: "scan", tray: "2" }, state: "held" },
      { kind: "SpoolerLock", parameters: {}, state: "free" },
    ]);
    expect(JSON.parse((await ask("sweep", "run", "--json")).out)).toEqual({
      removed: [at("spooler.pid")],
      held: [at("hp.scan.2.lock")],
      notOurs: [],
      failed: [],
    });
    const words = ["complete", "--", "run", "TrayLock", "--job", ""];
    expect(await ask(...words)).toEqual({ code: 0, out: "print\nscan", err: "" });
  });

  it("may be another's, by a link, and only if it is a file", async () => {
    const { cwd } = project();
    const other = temporaryDirectory();
    symlinkSync(join(cwd, "locks.yaml"), join(other, "locks.yaml"));
    expect((await cliIn({ cwd: other }, "run", "--help")).out).toContain("SpoolerLock");
    const third = temporaryDirectory();
    mkdirSync(join(third, "locks.yaml"));
    expect((await cliIn({ cwd: third }, "run", "--help")).out).toContain("GlobalCronLock");
  });

  it("gives way to --catalogue, which takes another spec, or a package", async () => {
    const { cwd, at } = project();
    writeFileSync(join(cwd, "other.yml"), SPEC.replace("SpoolerLock", "OtherLock"));
    const path = (kind: string, catalogue: string) =>
      cliIn({ cwd }, "path", kind, "--directory", "run", "--catalogue", catalogue);
    expect(await path("OtherLock", "other.yml")).toMatchObject({
      code: 0,
      out: `${at("spooler.pid")}\n`,
    });
    expect(await path("GlobalCronLock", "lock-catalogue/barman")).toMatchObject({
      code: 0,
      out: `${at(".cron.lock")}\n`,
    });
    expect(await path("OtherLock", "none.yaml")).toEqual({
      code: 2,
      out: "",
      err: "lock-catalogue: cannot read the spec none.yaml: there is no such file\n",
    });
  });

  it("that has problems is told with all of them, and nothing falls back to Barman's", async () => {
    const { cwd } = project(SPEC.replace("template: spooler", "tmplate: spooler"));
    const told = (code: number) => ({
      code,
      out: "",
      err: `./locks.yaml:8:3: a lock needs the key "template"
    SpoolerLock:
    ^^^^^^^^^^^

./locks.yaml:9:5: unknown key "tmplate" (did you mean "template"?)
      tmplate: spooler.pid
      ^^^^^^^

lock-catalogue: ./locks.yaml has problems: no lock is known until they are fixed
`,
    });
    const cron = ["GlobalCronLock", "--directory", "run"];
    expect(await cliIn({ cwd }, "ls", "run")).toEqual(told(2));
    expect(await cliIn({ cwd }, "sweep", "run")).toEqual(told(2));
    expect(await cliIn({ cwd }, "who", "run/.cron.lock")).toEqual(told(2));
    expect(await cliIn({ cwd }, "path", ...cron)).toEqual(told(2));
    expect(await cliIn({ cwd }, "run", ...cron, "--", "true")).toEqual(told(125));
    // What needs no kind is not stopped by it.
    const file = ["run", "--file", "run/x", "--", "echo", "in"];
    expect(await cliIn({ cwd }, ...file)).toEqual({ code: 0, out: "in\n", err: "" });
  });

  it("is named where a kind is unknown, and so is --catalogue", async () => {
    const { cwd } = project();
    const wrong = ["SpolerLock", "--directory", "run"];
    const told = (rest: string) =>
      `lock-catalogue: unknown kind 'SpolerLock' in ./locks.yaml; --catalogue names another\n${rest}`;
    const help = "(run it with --help for usage)\n";
    const meant = `(Did you mean SpoolerLock?)\n${help}`;
    expect((await cliIn({ cwd }, "run", ...wrong, "--", "true")).err).toBe(told(meant));
    expect((await cliIn({ cwd }, "path", ...wrong)).err).toBe(told(meant));
    expect((await cliIn({ cwd }, "who", ...wrong)).err).toBe(told(help));
    const { err } = await cliIn({ cwd: join(cwd, "run") }, "path", "SpoolerLock");
    expect(err).toContain(
      "unknown kind 'SpoolerLock' in Barman's catalogue (there is no ./locks.yaml); --catalogue names another",
    );
  });

  it.skipIf(!hasTerminal)("is named in a terminal by what lists or removes files", async () => {
    const { cwd } = project();
    const choice = "lock-catalogue: kinds of ./locks.yaml\r\n";
    const seen = async (...args: string[]) => (await new Terminal(args, { cwd }).end()).out;
    expect(await seen("ls", "run")).toBe(`${choice}No lock files in run.\r\n`);
    expect(await seen("sweep", "run")).toContain(choice);
    expect(await seen("ls", "run", "--json")).not.toContain("kinds of");
    expect(await seen("ls", "run", "--catalogue", "locks.yaml")).not.toContain("kinds of");
  });
});

describe("an install", () => {
  /** The package with these of its dependencies; @returns what runs its command in a directory. */
  function installed(isThere: (name: string) => boolean) {
    const home = temporaryDirectory();
    cpSync(join(ROOT, "dist"), join(home, "dist"), { recursive: true });
    cpSync(join(ROOT, "package.json"), join(home, "package.json"));
    mkdirSync(join(home, "node_modules"));
    for (const name of readdirSync(join(ROOT, "node_modules")).filter(isThere)) {
      symlinkSync(join(ROOT, "node_modules", name), join(home, "node_modules", name));
    }
    const main = join(home, "dist/src/cli/main.js");
    return (cwd: string, ...args: string[]) =>
      new Running(process.execPath, [main, ...args], { cwd }).end();
  }

  it("without the generator's packages runs without a spec, and says what a spec needs", async () => {
    const { cwd, at } = project();
    const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const all = Object.keys(optionalDependencies).filter((name) => name !== "fs-ext");
    const scopes = all.map((name) => name.split("/")[0]);
    const ask = installed((name) => !scopes.includes(name));
    const cron = ["GlobalCronLock", "--directory", "."];
    expect(await ask(at(""), "run", ...cron, "--", "echo", "in")).toMatchObject({ out: "in\n" });
    expect(await ask(at(""), "path", ...cron)).toMatchObject({ out: `${at(".cron.lock")}\n` });
    const { code, out, err } = await ask(cwd, "ls", "run");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(
      /^lock-catalogue: the generator cannot be loaded: .* npm install --include=optional, or name a generated catalogue instead of \.\/locks\.yaml: --catalogue\n$/,
    );
    const named = await ask(cwd, "ls", "run", "--catalogue", "lock-catalogue/barman");
    expect(named).toMatchObject({ code: 0, err: "" });
  });

  it("without the generator's printer, most of its load, knows a spec's kinds", async () => {
    const { cwd, at } = project();
    const ask = installed((name) => name !== "ts-morph");
    expect(await ask(cwd, "check")).toMatchObject({
      code: 2,
      err: expect.stringContaining('"ts-morph" is not installed'),
    });
    expect(await ask(cwd, "path", "SpoolerLock", "--directory", "run")).toEqual({
      code: 0,
      out: `${at("spooler.pid")}\n`,
      err: "",
    });
  });
});
