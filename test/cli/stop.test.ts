import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { until } from "../support/bounded.js";
import { MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { faultyEnv, hasCompiler } from "../support/faulty-flock.js";

describe.skipIf(!hasCompiler)("Ctrl-Z", () => {
  it.each([
    ["ls", (directory: string) => ["ls", directory]],
    ["ls --watch", (directory: string) => ["ls", directory, "--watch"]],
    ["who", (directory: string) => ["who", join(directory, ".cron.lock")]],
    ["sweep --dry-run", (directory: string) => ["sweep", directory, "--dry-run"]],
  ])("in the middle of a look stops %s after it, so that it keeps nobody out", async (_, args) => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    writeFileSync(file, "");
    const go = join(temporaryDirectory(), "go");
    // Of a shell with job control, as one that a shell without it has started cannot be stopped from a terminal.
    const script =
      '"$@" & echo "pid $!"; while kill -0 $! 2>/dev/null; do wait $!; done; exec true';
    const command = [process.execPath, MAIN, ...args(directory)];
    const env = faultyEnv({ sharedUntil: go });
    const shell = new Running("bash", ["-mc", script, "bash", ...command], { env });
    await shell.says(/pid \d+\n/);
    const pid = Number(/pid (\d+)/.exec(shell.out)?.[1]);
    await until("it looks", () => sharesALock(pid));
    process.kill(pid, "SIGTSTP");
    writeFileSync(go, "");
    // Where the group of the process has no shell above it any more, the system lets nothing stop it.
    await until("the look is over", () => !sharesALock(pid));
    expect(spawnSync("flock", ["-n", file, "true"]).status).toBe(0);
    // It may stop only now.
    const goOn = setInterval(() => signal(pid, "SIGCONT"), 20);
    onTestFinished(() => clearInterval(goOn));
    await shell.says(/free|Free|\.cron\.lock/);
    if (args(directory).includes("--watch")) signal(pid, "SIGINT");
    expect((await shell.end()).code).toBe(0);
  });
});

/** Whether a process has a file open whose lock it shares. */
function sharesALock(pid: number): boolean {
  try {
    const fds = readdirSync(`/proc/${pid}/fdinfo`);
    const infos = fds.map((fd) => readFileSync(`/proc/${pid}/fdinfo/${fd}`, "latin1"));
    return infos.some((info) => /FLOCK +ADVISORY +READ/.test(info));
  } catch {
    return false; // What it had open it has closed meanwhile.
  }
}

/** Sends a signal, unless the process has ended. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has.
  }
}
