import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { barman, ServerBackupLock } from "../../generated/index.js";
import { until } from "../support/bounded.js";
import { cli, MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { hasBarman, Peer } from "../support/peer.js";
import { waitersOn } from "../support/proc-locks.js";
import { Script } from "../support/script.js";

/** A program of this library that waits for the lock of a file. */
function waiting(file: string): number {
  const script = `import { LockFile } from "lock-catalogue";
    await new LockFile(${JSON.stringify(file)}).acquire({ wait: true });
    setInterval(() => {}, 1000);`;
  return new Script(script).child.pid ?? -1;
}

describe("those who wait for a lock", () => {
  it.skipIf(!hasBarman)(
    "are told in the order of the queue, a helper as the process that it waits for",
    async () => {
      const directory = temporaryDirectory();
      using held = new ServerBackupLock(directory, "main");
      held.acquireSync();
      const file = held.filename;
      const queue: number[] = [];
      // A process that waits itself is in the table by its own PID.
      const joined = (pid?: number) =>
        until("queued", () => {
          const waiters = waitersOn(file) ?? [];
          return waiters.length === queue.length && (pid === undefined || waiters.includes(pid));
        });
      // Each comes when the one before it stands in the queue.
      queue.push(waiting(file));
      await joined();
      const peer = Peer.barman();
      void peer.acquire(["ServerBackupLock", directory, "main"], { wait: true }).catch(() => {});
      queue.push(peer.pid);
      await joined(peer.pid);
      const flock = spawn("flock", ["-x", file, "sleep", "60"]);
      onTestFinished(() => void flock.kill("SIGKILL"));
      queue.push(flock.pid ?? -1);
      await joined(flock.pid);
      const run = new Running(process.execPath, [
        ...[MAIN, "run", "--file", file, "--wait", "--", "sleep", "61"],
      ]);
      queue.push(run.pid);
      await joined();
      const [entry] = await barman.scan(directory);
      expect(entry).toMatchObject({ state: "held", holder: { pid: process.pid } });
      expect(entry?.waiters.map(({ pid }) => pid)).toEqual(queue);
      // The command that waits under run, and nothing of run itself.
      expect(entry?.waiters.at(-1)?.command).toBe("sleep 61");
      const who = await cli("who", file, "--json");
      expect(JSON.parse(who.out).waiters).toEqual(queue);
      const text = await cli("who", file);
      expect(text.out).toMatch(/ PID \d+ \(.*PID \d+ \(sleep 61\) wait for it\.\n$/);
      expect((await cli("ls", directory)).out).toContain(`  ${queue.join(",")}  `);
    },
  );

  it("are told of a lock that is shared", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    const sharer = await heldByFlock(file, "-s");
    const pid = waiting(file);
    await until("queued", () => waitersOn(file)?.length === 1);
    expect(await barman.scan(directory)).toMatchObject([
      { state: "shared", holders: [{ pid: sharer.pid }], waiters: [{ pid }] },
    ]);
  });
});

describe("a command under lock-catalogue run", () => {
  it.each([["--close"], ["--wait"]])(
    "is what is shown as the holder, with %s, too",
    async (flag) => {
      const file = join(temporaryDirectory(), ".cron.lock");
      const run = new Running(process.execPath, [
        ...[MAIN, "run", "--file", file, flag, "--", "sh", "-c", "echo started; exec sleep 62"],
      ]);
      await run.says("started");
      await until("sleeping", () => run.out !== "");
      const { command } = JSON.parse((await cli("who", file, "--json")).out);
      expect(command).not.toContain("main.js");
      expect(command).toMatch(/sleep 62$/);
    },
  );
});
