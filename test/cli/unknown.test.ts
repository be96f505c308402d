import { spawn, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { barman } from "../../generated/index.js";
import { nameProcess, toJson } from "../../src/cli/format.js";
import { itemOf } from "../../src/cli/listing.js";
import { layTable } from "../../src/cli/table.js";
import { inspect } from "../../src/holder/inspect.js";
import { describeProcess } from "../../src/system/process.js";
import { until } from "../support/bounded.js";
import { inChild, nobodyReads } from "../support/child.js";
import { MAIN } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";

describe("what is not known of a lock", () => {
  const path = "/run/.cron.lock";
  const lock = barman.identify(path);
  const file = { path, lock, waiters: [] };
  const taker = { pid: 7, command: "/bin/x", started: null };

  it("is null in JSON and empty in the table", () => {
    const surface = { columns: undefined, colours: false };
    const seen = [
      { ...file, state: "held by unknown", taker } as const,
      { ...file, state: "held by unknown", taker: null } as const,
      { ...file, state: "unsafe", reason: "a directory" } as const,
      {
        ...file,
        state: "held",
        holder: { pid: 8, command: null, started: null },
        since: null,
      } as const,
    ];
    const rows = seen.map((entry) => itemOf(barman, entry).cells);
    expect(layTable(rows, surface)).toEqual([
      expect.stringMatching(/^GlobalCronLock +held by unknown +7\? +\/bin\/x$/u),
      expect.stringMatching(/^GlobalCronLock +held by unknown$/u),
      expect.stringMatching(/^GlobalCronLock +unsafe +a directory$/u),
      expect.stringMatching(/^GlobalCronLock +held +8$/u),
    ]);
    expect(nameProcess({ pid: 8, command: null, started: null })).toBe("PID 8");
    expect(seen.map((one) => toJson(barman, one))).toMatchObject([
      { taker: 7, pid: null, reason: null },
      { taker: null, pid: null, reason: null },
      { taker: null, pid: null, reason: "a directory" },
      { pid: 8, command: null, started: null, since: null },
    ]);
  });

  it("is null of a process that is gone, and of one that only waits to be buried", async () => {
    const gone = spawnSync("true").pid;
    expect(describeProcess(gone)).toEqual({ pid: gone, command: null, started: null });
    // The shell becomes a program that buries nobody.
    const sleeper = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"]);
    onTestFinished(() => void sleeper.kill("SIGKILL"));
    let dead = 0;
    sleeper.stdout.on("data", (text) => {
      dead = Number(text);
    });
    // A process has no command line for a moment in its exec, either.
    await until(
      "a zombie",
      () => dead > 0 && /\) Z /u.test(readFileSync(`/proc/${dead}/stat`, "latin1")),
    );
    expect(describeProcess(dead)).toEqual({ pid: dead, command: null, started: expect.any(Date) });
  });

  it("is what the system says of a path that leads nowhere", () => {
    expect(inspect(join(MAIN, "x.lock"))).toMatchObject({
      state: "unreadable",
      reason: expect.stringContaining("ENOTDIR"),
    });
  });

  it.skipIf(!nobodyReads)("is told to a user who may not ask, as far as it goes", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const file = join(directory, ".cron.lock");
    writeFileSync(file, `${spawnSync("true").pid}\n`);
    const flock = await heldByFlock(file);
    chmodSync(file, 0o644);
    writeFileSync(join(directory, ".main-cron.lock"), "", { mode: 0o600 });
    const seen = await inChild(
      `const [directory] = args;
       const owner = new barman.GlobalCronLock(directory).getOwnerPid();
       const { failed, held } = await barman.barman.sweep(directory, { dryRun: true });
       tell({ owner, held: held.length, failed: failed.map(({ error }) => error.message) });`,
      { ordinaryUser: true, args: [directory] },
    );
    expect(seen).toEqual({
      owner: flock.pid,
      held: 1,
      failed: [expect.stringMatching(/: No permission to open the lock file .*\.main-cron\.lock/u)],
    });
  });
});
