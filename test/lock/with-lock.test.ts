import { closeSync } from "node:fs";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { LockFile, type LockFileOptions } from "../../src/index.js";
import { lockShared } from "../../src/system/flock.js";
import { openToInspect } from "../../src/system/open-file.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";

function lockOf(options?: LockFileOptions): LockFile {
  return new LockFile(temporaryLock(), options);
}

/** Another object of this process that holds the same file. */
function holderOf(lock: LockFile): LockFile {
  const holder = new LockFile(lock.filename);
  holder.acquireSync();
  onTestFinished(() => holder.release());
  return holder;
}

describe("withLock", () => {
  it("gives what the function gives, and holds the lock for as long as it runs", async () => {
    const lock = lockOf();
    const result = lock.withLock(async (locked) => {
      await nextTurn();
      return { locked, held: lock.held };
    });
    expect(await result).toEqual({ locked: true, held: true });
    expect(lock.held).toBe(false);
    expect(await lock.withLock(() => "at once")).toBe("at once");
    expect(lock.getOwnerPid()).toBe(null);
  });

  it.each([
    ["throws", () => Promise.resolve().then(() => Promise.reject(new RangeError("inside")))],
    [
      "throws at once",
      () => {
        throw new RangeError("inside");
      },
    ],
  ])("releases when the function %s, and throws the same", async (_how, fn) => {
    const lock = lockOf();
    await expect(lock.withLock(fn)).rejects.toThrow(new RangeError("inside"));
    expect([lock.held, lock.getOwnerPid()]).toEqual([false, null]);
    expect(await lock.withLock((locked) => locked)).toBe(true);
  });

  it("does not run the function where the lock is busy", async () => {
    const lock = lockOf();
    holderOf(lock);
    let ran = false;
    const result = lock.withLock(() => {
      ran = true;
    });
    await expect(result).rejects.toMatchObject({ code: "LOCK_BUSY", path: lock.filename });
    expect(ran).toBe(false);
  });

  it("runs the function with false where the lock is busy and raiseIfFail is false", async () => {
    const lock = lockOf({ raiseIfFail: false });
    const holder = holderOf(lock);
    expect(await lock.withLock((locked) => [locked, lock.held])).toEqual([false, false]);
    expect(holder.held).toBe(true);
    expect(lock.acquireSync()).toBe(false);
    holder.release();
    expect(await lock.withLock((locked) => locked)).toBe(true);
  });

  it("waits where the object's own options say so", async () => {
    const lock = lockOf({ wait: true });
    const holder = holderOf(lock);
    const result = lock.withLock((locked) => locked);
    expect(await Promise.race([result, sleep(20, "not yet")])).toBe("not yet");
    holder.release();
    expect(await within(20_000, "the grant", result)).toBe(true);
  });

  it("called many times on one object runs one function at a time, in the order of the calls", async () => {
    const lock = lockOf({ wait: true });
    const order: number[] = [];
    let inside = 0;
    let most = 0;
    const calls = Array.from({ length: 20 }, (_, n) =>
      lock.withLock(async () => {
        most = Math.max(most, ++inside);
        order.push(n);
        await nextTurn();
        inside--;
      }),
    );
    await within(30_000, "twenty calls", Promise.all(calls));
    expect(most).toBe(1);
    expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect([lock.held, lock.getOwnerPid()]).toEqual([false, null]);
  });

  it("inside the function of another call on one object finds the lock busy, and says which", async () => {
    const lock = new ServerBackupLock(temporaryDirectory(), "main");
    const nested = lock.withLock(() => lock.withLock(() => "both"));
    await expect(nested).rejects.toMatchObject({
      code: "LOCK_BUSY",
      message: expect.stringContaining('ServerBackupLock (serverName "main") is busy'),
    });
    const quiet = lockOf({ raiseIfFail: false });
    const inner = quiet.withLock((outer) => quiet.withLock((locked) => [outer, locked]));
    expect(await inner).toEqual([true, false]);
    expect([lock.held, quiet.held]).toEqual([false, false]);
  });

  it("between acquire and release of the same object keeps the hold", async () => {
    const lock = lockOf();
    await lock.acquire();
    expect(await lock.withLock((locked) => [locked, lock.held])).toEqual([true, true]);
    expect(lock.held).toBe(true);
    await expect(lock.withLock(() => Promise.reject(new Error("inside")))).rejects.toThrow();
    expect(lock.held).toBe(true);
    lock.release();
    expect(lock.getOwnerPid()).toBe(null);
  });

  it("keeps the hold of an acquire that was faster while it found out whether somebody only looks", async () => {
    const lock = lockOf();
    expect(lock.acquireSync()).toBe(true);
    lock.release();
    const look = openToInspect(lock.filename);
    if (look === null) throw new Error("it is there");
    expect(lockShared(look.fd)).toBe(true);
    const heldInside = lock.withLock(() => lock.held);
    // It has tried, and asks the kernel who shares the lock, which takes turns of the event loop.
    for (let steps = 0; steps < 50; steps++) await null;
    closeSync(look.fd);
    expect(lock.acquireSync()).toBe(true);
    expect(await heldInside).toBe(true);
    expect(lock.held).toBe(true);
    lock.release();
  });

  it("copes with a function that releases the lock itself", async () => {
    const lock = lockOf();
    const other = new LockFile(lock.filename);
    await lock.withLock(() => {
      lock.release();
      other.acquireSync();
    });
    // What the other object holds by now is not for the end of withLock to give back.
    expect([lock.held, other.held, other.getOwnerPid()]).toEqual([false, true, process.pid]);
    expect(lock.acquireSync({ raiseIfFail: false })).toBe(false);
    other.release();
  });
});
