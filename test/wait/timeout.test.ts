import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { inChild, type Outcome } from "../support/child.js";
import { temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helpersOn } from "../support/script.js";

/** A lock file, and the object of this process that holds it. */
function busy(): { file: string; holder: LockFile } {
  const file = temporaryLock();
  const holder = new LockFile(file);
  holder.acquireSync();
  onTestFinished(() => holder.release());
  return { file, holder };
}

describe("a timeout", () => {
  it.each([-1, -0.001, Number.NEGATIVE_INFINITY, Number.NaN])(
    "of %d is a RangeError that says what is possible, whatever raiseIfFail says",
    async (timeout) => {
      const lock = new LockFile(temporaryLock(), { raiseIfFail: false });
      const says = `is ${timeout}: it must be a number of milliseconds from 0`;
      await expect(lock.acquire({ timeout })).rejects.toThrow(RangeError);
      await expect(lock.acquire({ timeout })).rejects.toThrow(
        `the option timeout of acquire() ${says}`,
      );
      expect(() => lock.acquireSync({ timeout })).toThrow(
        `the option timeout of acquireSync() ${says}`,
      );
      expect(lock.held).toBe(false);
    },
  );

  it.each([0, -0])("of %d is a single try, and so is any with wait: false", async (timeout) => {
    const { file, holder } = busy();
    const lock = new LockFile(file, { wait: true });
    await expect(lock.acquire({ timeout })).rejects.toMatchObject({ code: "LOCK_BUSY" });
    expect(() => lock.acquireSync({ timeout })).toThrow(
      expect.objectContaining({ code: "LOCK_BUSY" }),
    );
    await expect(lock.acquire({ timeout: 60_000, wait: false })).rejects.toMatchObject({
      code: "LOCK_BUSY",
    });
    holder.release();
    expect(await lock.acquire({ timeout })).toBe(true);
    lock.release();
  });

  it.each([0.5, 20])("of %d ms that passes is a LockFileTimeout", async (timeout) => {
    const { file } = busy();
    const lock = new LockFile(file);
    const error = await within(
      20_000,
      "timeout",
      lock.acquire({ timeout }).catch((e) => e),
    );
    expect(error).toMatchObject({ name: "LockFileTimeout", code: "LOCK_TIMEOUT", path: file });
    expect(await lock.acquire({ timeout, raiseIfFail: false })).toBe(false);
  });

  it.each([2 ** 31 - 1, 2 ** 31, 2 ** 32 + 1, Number.MAX_VALUE, Number.POSITIVE_INFINITY])(
    "of %d ms waits, without a warning, until the lock is free",
    async (timeout) => {
      const { file, holder } = busy();
      const warnings: Error[] = [];
      const collect = (warning: Error): number => warnings.push(warning);
      process.on("warning", collect);
      onTestFinished(() => void process.off("warning", collect));
      const lock = new LockFile(file);
      const late = lock.acquire({ timeout });
      // Node fires a timer that is too long after 1 ms, and warns.
      expect(await Promise.race([late, sleep(30, "not yet")])).toBe("not yet");
      holder.release();
      expect(await within(20_000, "the grant", late)).toBe(true);
      expect(warnings).toEqual([]);
      lock.release();
    },
  );

  it.each(["Infinity", "2 ** 31", "2 ** 33"])(
    "of %s ms stops a synchronous contender until another process gives the lock back",
    async (timeout) => {
      const file = temporaryLock();
      const script = `
        import { spawn } from "node:child_process";
        const holder = spawn(process.execPath, ["--input-type=module", "--eval", \`
          import { LockFile } from "lock-catalogue";
          const lock = new LockFile(process.argv[1]);
          lock.acquireSync();
          process.stdout.write("held");
          process.stdin.once("data", () => setTimeout(() => {
            lock.release();
            process.exit();
          }, 60));
        \`, args[0]]);
        await new Promise((resolve) => holder.stdout.once("data", resolve));
        const lock = new LockFile(args[0]);
        const first = lock.acquireSync({ raiseIfFail: false });
        holder.stdin.write("release it");
        const late = await attempt(() => lock.acquireSync({ timeout: ${timeout} }));
        tell({ first, late, held: lock.held });
      `;
      const seen = await inChild<{ first: boolean; late: Outcome }>(script, { args: [file] });
      expect(seen).toEqual({ first: false, late: { value: true }, held: true });
    },
  );

  it("ends the wait with what was waited for, for whom, and how long", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const lock = new LockFile(file);
    await expect(lock.acquire({ timeout: 60 })).rejects.toMatchObject({
      name: "LockFileTimeout",
      code: "LOCK_TIMEOUT",
      path: file,
      message: expect.stringMatching(
        new RegExp(
          `^LockFile is still busy after \\d+ ms: ${file} is held by PID ${other.pid}\\. `,
        ),
      ),
    });
    expect(await lock.acquire({ timeout: 5, raiseIfFail: false })).toBe(false);
    await until("no helper is left", () => helpersOn(file).length === 0);
  });

  it("in the middle of the line leaves the line in order", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const order: string[] = [];
    const first = new LockFile(file, { wait: true }).withLock(() => void order.push("first"));
    const second = new LockFile(file).acquire({ timeout: 20, raiseIfFail: false });
    const third = new LockFile(file, { wait: true }).withLock(() => void order.push("third"));
    expect(await second).toBe(false);
    await other.release([file]);
    await within(20_000, "the others", Promise.all([first, third]));
    expect(order).toEqual(["first", "third"]);
  });
});
