import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { until } from "../support/bounded.js";
import { MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { blocks } from "../support/documents.js";
import { helperWaits } from "../support/script.js";

/** A command of the page, and what it prints there. */
interface Step {
  readonly command: string;
  readonly output: string;
}

/** The steps of the page that show an output, and those that show none. */
const [SHOWING, SILENT] = ((steps: readonly Step[]) => [
  steps.filter(({ output }) => output.trim() !== ""),
  steps.filter(({ output }) => output.trim() === ""),
])(blocks("docs/commands.md").flatMap(({ text }) => stepsOf(text)));

function stepsOf(text: string): Step[] {
  const [, ...steps] = text.split(/^\$ /mu);
  return steps.map((step) => {
    const [command = "", ...output] = step.split("\n");
    return { command, output: output.join("\n") };
  });
}

/** What differs from run to run is left out: PIDs, times, the directory, and the widths of columns that follow from it. */
function plain(text: string, directory: string): string {
  return text
    .replaceAll(directory, "/tmp/demo")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(\d+s\)/gu, "TIME")
    .replaceAll(/\bPID \d+/gu, "PID N")
    .replaceAll(/\bheld +\d+( +\d+)?(?= +TIME)/gu, (_, waiting) => `held N${waiting ? " N" : ""}`)
    .replaceAll(/ +/gu, " ")
    .replaceAll(/ $/gmu, "");
}

/** What is at /tmp/demo. */
function demo(): string {
  const directory = temporaryDirectory();
  for (const name of ["locks", "x"]) mkdirSync(join(directory, name));
  writeFileSync(join(directory, "x/file"), "");
  writeFileSync(join(directory, "backup.py"), "import sys, time\ntime.sleep(int(sys.argv[1]))\n");
  return directory;
}

/** What a shell prints in which npx finds our command. */
async function sh(command: string, cwd: string): Promise<string> {
  const npx = `npx() { shift; '${process.execPath}' '${MAIN}' "$@"; }\nexec 2>&1\n`;
  return (await new Running("bash", ["-c", npx + command], { cwd }).end()).out;
}

describe("docs/commands.md", () => {
  it("shows what is printed where two locks are held, and somebody waits for one", async () => {
    const cwd = demo();
    const free = [".cron.lock", ".main-20260101T120000-sync-backup.lock", "upgrade.lock"];
    for (const file of free) writeFileSync(join(cwd, "locks", file), "");
    const run = (kind: string, server: string, ...command: string[]) => {
      const flags = ["--directory", "locks", "--server-name", server];
      const running = new Running(process.execPath, [MAIN, "run", kind, ...flags, ...command], {
        cwd,
      });
      // With its command, which would go on if `run` were killed.
      onTestFinished(async () => {
        running.child.kill("SIGTERM");
        await running.end();
      });
    };
    run("ServerBackupLock", "main", "--", "/usr/bin/python3", "backup.py", "40");
    run("ServerXLOGDBLock", "pg-main", "--", "sleep", "30");
    const held = [".main-backup.lock", ".pg-main-xlogdb.lock"].map((name) =>
      join(cwd, "locks", name),
    );
    const isHeld = (file: string) => new LockFile(file).getOwnerPid() !== null;
    await until("both are held", () => held.every((file) => existsSync(file) && isHeld(file)));
    run("ServerBackupLock", "main", "--wait", "--", "rsync", "-a", "x", "y");
    await helperWaits(held[0] ?? "");

    expect(SHOWING.length).toBeGreaterThanOrEqual(6);
    for (const { command, output } of SHOWING) {
      const printed = plain(await sh(command, cwd), cwd);
      expect({ command, output: printed }).toEqual({ command, output: plain(output, "/tmp/demo") });
    }
  });

  it.each(SILENT)("shows what prints nothing, and copies: $command", async ({ command }) => {
    const cwd = demo();
    expect(await sh(command, cwd)).toBe("");
    expect(existsSync(join(cwd, "y/x/file"))).toBe(true);
    expect(existsSync(join(cwd, "locks/.main-backup.lock"))).toBe(true);
  });
});
