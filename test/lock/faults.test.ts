import { spawn } from "node:child_process";
import { existsSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { until } from "../support/bounded.js";
import { inChild } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { hasCompiler, withFaults } from "../support/faulty-flock.js";
import { heldByFlock } from "../support/flock.js";
import { takerOf, waitersOn } from "../support/proc-locks.js";

const EINTR = 4;
const EIO = 5;

describe.skipIf(!hasCompiler)("flock(2)", () => {
  it("that is interrupted by a signal is called again", async () => {
    const file = temporaryLock();
    const script = `
      const lock = new LockFile(args[0]);
      const taken = await attempt(() => lock.acquire());
      tell({ taken, stamp: fs.readFileSync(args[0], "latin1") === process.pid + "\\n" });
    `;
    const seen = await inChild(script, withFaults({ errnos: [EINTR, EINTR, EINTR] }, file));
    expect(seen).toEqual({ taken: { value: true }, stamp: true });
  });

  it("that cannot lock gives the system's error, and leaves nothing open", async () => {
    const file = temporaryLock();
    const script = `
      const lock = new LockFile(args[0]);
      const open = () => fs.readdirSync("/proc/self/fd").length;
      const before = open();
      const now = await attempt(() => lock.acquire({ wait: true }));
      const sync = await attempt(() => lock.acquireSync({ timeout: 1000 }));
      const quiet = await attempt(() => lock.acquire({ raiseIfFail: false }));
      const after = open();
      tell({ now, sync, quiet, left: after - before, held: lock.held, later: await attempt(() => lock.acquire()) });
    `;
    const seen = await inChild(script, withFaults({ errnos: [EIO, EIO, EIO] }, file));
    const failed = expect.objectContaining({ code: "EIO", path: file });
    expect(seen).toEqual({
      ...{ now: failed, sync: failed, quiet: failed },
      ...{ left: 0, held: false, later: { value: true } },
    });
  });

  it("that cannot unlock leaves neither the lock nor its descriptor", async () => {
    const script = `
      const lock = new LockFile(args[0]);
      const open = () => fs.readdirSync("/proc/self/fd").length;
      const before = open();
      const seen = [];
      for (const options of [{}, { mode: "shared" }]) {
        await lock.acquire(options);
        lock.release();
        const other = spawnSync("flock", ["-n", args[0], "true"]).status;
        seen.push({ held: lock.held, left: open() - before, other, text: fs.readFileSync(args[0], "latin1").trim() });
      }
      tell(seen);
    `;
    const spawning = `const { spawnSync } = await import("node:child_process");`;
    const seen = await inChild(spawning + script, withFaults({ unlock: EIO }, temporaryLock()));
    const free = { held: false, left: 0, other: 0, text: "" };
    expect(seen).toEqual([free, free]);
  });

  /** A sweep that gets the lock, and goes on only when `meanwhile` is over. */
  async function sweepSlowly(meanwhile: (file: string) => unknown): Promise<unknown> {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    const go = join(temporaryDirectory(), "go");
    writeFileSync(file, "");
    // In use at this moment, however slow the child is: by a clock that is ahead.
    utimesSync(file, new Date(), new Date(Date.now() + 3_600_000));
    const script = `
      const { removed, held } = await barman.barman.sweep(args[0]);
      tell({ removed: removed.length, held: held.map(({ kind }) => kind) });
    `;
    const seen = inChild(script, withFaults({ takenUntil: go }, directory));
    await until("the sweeper has it", () => takerOf(file) !== null);
    await meanwhile(file);
    writeFileSync(go, "");
    const swept = await seen;
    expect(existsSync(file)).toBe(true);
    return swept;
  }

  const LEFT_ALONE = { removed: 0, held: ["GlobalCronLock"] };

  it("that gives a sweeper the lock between two holders costs the next one nothing", async () => {
    const swept = sweepSlowly(async (file) => {
      const next = spawn("flock", ["-x", file, "true"]);
      onTestFinished(() => void next.kill("SIGKILL"));
      await until("the next one waits", () => waitersOn(file)?.length === 1);
    });
    expect(await swept).toEqual(LEFT_ALONE);
  });

  it("that gives a sweeper the lock of a file that was replaced costs the new one nothing", async () => {
    const swept = sweepSlowly((file) => {
      writeFileSync(`${file}.new`, "");
      renameSync(`${file}.new`, file);
    });
    expect(await swept).toEqual(LEFT_ALONE);
  });
});

describe("a descriptor that the program closes behind our back", () => {
  // Finds the descriptor as such a program does: by chance.
  const script = `
    const lock = new LockFile(args[0]);
    const other = new LockFile(args[0]);
    await lock.acquire();
    const fd = fs.readdirSync("/proc/self/fd").find((fd) => {
      try {
        return fs.readlinkSync("/proc/self/fd/" + fd) === args[0];
      } catch {
        return false;
      }
    });
    fs.closeSync(Number(fd));
  `;

  it("takes the lock along, which the next contender of the thread gets", async () => {
    const seen = await inChild(
      `${script} tell({ next: await attempt(() => other.acquire({ timeout: 20_000 })) });`,
      { args: [temporaryLock()] },
    );
    expect(seen).toEqual({ next: { value: true } });
  });

  it("costs no other lock that has its number by then", async () => {
    const seen = await inChild(
      `${script}
       await other.acquire();
       lock.release();
       const third = await attempt(() => new LockFile(args[0]).acquire());
       tell({ third: third.code, owner: other.getOwnerPid() === process.pid });`,
      { args: [temporaryLock()] },
    );
    expect(seen).toEqual({ third: "LOCK_BUSY", owner: true });
  });

  it("is not taken for a lock of the thread that is waited for", async () => {
    const busy = temporaryLock();
    await heldByFlock(busy);
    const seen = await inChild(
      `const second = new LockFile(args[0] + "2");
       await second.acquire();
       ${script}
       fs.closeSync(Number(fd) - 1);
       const { code } = await attempt(() => new LockFile(args[1]).acquireSync({ timeout: 20 }));
       tell(code);`,
      { args: [temporaryLock(), busy] },
    );
    expect(seen).toBe("LOCK_TIMEOUT");
  });
});
