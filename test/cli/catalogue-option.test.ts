import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cli, cliIn, MAIN } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";

const SPEC = `catalogue: printers
output: locks
parameters:
  directory:
    pattern: "[a-z]+"
    examples: [tray]
  queueName:
    pattern: "[a-z]+"
    examples: [invoices]
locks:
  QueueLock:
    template: "{directory}.{queueName}.queue.lock"
    description: Protects a print queue.
  SpoolerLock:
    template: spooler.pid
    description: Protects the spooler.
`;

/** A project with a catalogue of its own, generated and built with the real tools. */
function project(): string {
  const cwd = temporaryDirectory();
  const run = (...command: string[]): void => {
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd,
      encoding: "utf8",
    });
    expect({ status, said: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, said: "" });
  };
  mkdirSync(join(cwd, "node_modules"));
  symlinkSync(ROOT, join(cwd, "node_modules", "lock-catalogue"));
  writeFileSync(join(cwd, "package.json"), '{ "type": "module" }');
  writeFileSync(join(cwd, "locks.yaml"), SPEC);
  run(MAIN, "generate");
  run(
    join(ROOT, "node_modules/typescript/bin/tsc"),
    ...["--rootDir", "locks", "--outDir", "built", "--module", "nodenext", "--target", "es2022"],
    ...["--skipLibCheck", "--types", "", "locks/index.ts"],
  );
  return cwd;
}

describe("--catalogue", () => {
  it("reads and takes the locks of another generated catalogue, named as a path or a package", async () => {
    const cwd = project();
    mkdirSync(join(cwd, "run"));
    symlinkSync(join(cwd, "built"), join(cwd, "node_modules", "printers"));
    for (const module of ["./built/index.js", "built/index.js", join(cwd, "built"), "printers"]) {
      const catalogue = ["--catalogue", module];
      // A parameter whose flag is one of the command's own already gets another.
      const { code, out, err } = await cliIn(
        { cwd },
        ...["run", "QueueLock", ...catalogue, "--directory", "run", "--lock-directory", "tray"],
        ...["--queue-name", "invoices", "--", process.execPath, MAIN],
        ...["ls", "run", "--json", ...catalogue],
      );
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(JSON.parse(out)).toEqual([
        expect.objectContaining({
          kind: "QueueLock",
          parameters: { directory: "tray", queueName: "invoices" },
          state: "held",
        }),
      ]);
    }
    // A lock file is what a kind reads, also where it does not end in .lock.
    writeFileSync(join(cwd, "run", "spooler.pid"), "");
    const args = ["sweep", "run", "--json", "--catalogue", "printers"];
    expect(JSON.parse((await cliIn({ cwd }, ...args)).out).removed).toHaveLength(2);
  });

  it("that is not to be had, or none, is told with what to do, and exits 2", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "none.mjs"), "export const a = 1, b = { kinds: [] };");
    writeFileSync(join(directory, "broken.mjs"), "export const = 1;");
    writeFileSync(join(directory, "index.ts"), "export const a: number = 1;");
    for (const [module, message] of [
      ["./none.mjs", "./none.mjs exports no catalogue, only a, b. Name the generated index"],
      ["./missing.mjs", "Give a path, such as ./generated/index.js, or an installed package."],
      ["no-such-package", "cannot import the catalogue no-such-package: Cannot find module"],
      ["./broken.mjs", "cannot import the catalogue ./broken.mjs: Unexpected token"],
      // Node.js reads TypeScript itself since 22.18, and finds no catalogue there.
      ["./index.ts", /it is not JavaScript\. Build it first|only a\. Name .* built to JavaScript/],
    ] as const) {
      const { code, out, err } = await cliIn({ cwd: directory }, "ls", ".", "--catalogue", module);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(message);
      expect(err.trimEnd().split("\n")).toHaveLength(1);
    }
    const run = await cliIn(
      { cwd: directory },
      "run",
      "--catalogue",
      "./none.mjs",
      "X",
      "--",
      "true",
    );
    expect(run).toMatchObject({ code: 125, err: expect.stringContaining("exports no catalogue") });
  });
});

describe("the help", () => {
  it.each(["ls", "who", "run", "sweep", "generate"])(
    "of %s is listed, and shows an example and the exit codes",
    async (command) => {
      expect((await cli("--help")).out).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
      const { code, out } = await cli(command, "--help");
      expect(code).toBe(0);
      expect(out).toMatch(new RegExp(`Example:\n {2}\\$ npx lock-catalogue ${command} `));
      expect(out).toMatch(/\nExit codes:\n/);
      expect((await cli("help", command)).out).toBe(out);
    },
  );

  it("of a kind shows its parameters as flags", async () => {
    const { code, out } = await cli("run", "ServerBackupIdLock", "--help");
    expect(code).toBe(0);
    expect(out).toMatch(/--server-name <value>.*\n.*--backup-id <value>/);
    expect(out).toContain("Example:\n  $ npx lock-catalogue run ServerBackupIdLock ");
  });
});
