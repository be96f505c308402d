import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { inChild } from "../support/child.js";
import { temporaryLock } from "../support/directory.js";

describe("a lock", () => {
  it("is held from acquire to release, and by this object only", async () => {
    const file = temporaryLock();
    const [lock, other] = [new LockFile(file), new LockFile(file)];
    expect([lock.held, lock.getOwnerPid()]).toEqual([false, null]);
    expect(await lock.acquire()).toBe(true);
    expect([lock.held, other.held]).toEqual([true, false]);
    expect([lock.getOwnerPid(), other.getOwnerPid()]).toEqual([process.pid, process.pid]);
    await expect(other.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
    expect(lock.held).toBe(true);
    lock.release();
    expect([lock.held, other.getOwnerPid()]).toEqual([false, null]);
    expect(await other.acquire()).toBe(true);
    other.release();
  });

  it("touches nothing on disk until it is acquired", () => {
    const lock = new LockFile("no/such/../directory/x.lock");
    expect(lock.filename).toBe(join(process.cwd(), "no/directory/x.lock"));
    expect([lock.kind, lock.held, lock.getOwnerPid()]).toEqual(["LockFile", false, null]);
    expect([LockFile.LOCK_PATTERN, LockFile.buildIfMatches(lock.filename)]).toEqual([null, null]);
  });

  it("that is held is acquired again at once, and touches nothing", async () => {
    const file = temporaryLock();
    const lock = new LockFile(file);
    await lock.acquire({ updatePid: false });
    expect(await lock.acquire()).toBe(true);
    expect(lock.acquireSync({ wait: true })).toBe(true);
    expect(readFileSync(file, "latin1")).toBe("");
    lock.release();
    expect([lock.held, new LockFile(file).acquireSync()]).toEqual([false, true]);
  });

  it("that two acquires of one object ask for at once is one hold", async () => {
    const file = temporaryLock();
    const [holder, lock] = [new LockFile(file), new LockFile(file, { wait: true })];
    await holder.acquire();
    const both = Promise.all([lock.acquire(), lock.acquire()]);
    holder.release();
    expect(await both).toEqual([true, true]);
    lock.release();
    expect(holder.acquireSync()).toBe(true);
    holder.release();
  });

  it("may be released twice, and without ever being held", () => {
    const file = temporaryLock();
    const [lock, next] = [new LockFile(file), new LockFile(file)];
    lock.release();
    lock.acquireSync();
    lock.release();
    next.acquireSync();
    // The second release must not give back what somebody else holds by now.
    lock.release();
    expect([lock.held, next.held]).toEqual([false, true]);
    expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
    expect(lock.acquireSync({ raiseIfFail: false })).toBe(false);
    next.release();
  });

  it("with updatePid: false leaves the bytes alone, on acquire and on release", async () => {
    const file = temporaryLock();
    writeFileSync(file, "not ours\n");
    const lock = new LockFile(file);
    await lock.acquire({ updatePid: false });
    expect(readFileSync(file, "latin1")).toBe("not ours\n");
    lock.release();
    expect(readFileSync(file, "latin1")).toBe("not ours\n");
  });

  it("is released at the end of a using block, by a throw too", () => {
    const file = temporaryLock();
    let seen: LockFile | undefined;
    expect(() => {
      using lock = new LockFile(file);
      seen = lock;
      expect(lock.acquireSync()).toBe(true);
      throw new RangeError("in the block");
    }).toThrow("in the block");
    expect(seen?.held).toBe(false);
    expect(new LockFile(file).acquireSync()).toBe(true);
  });

  it("is released at the end of an await using block", async () => {
    const file = temporaryLock();
    {
      await using lock = new LockFile(file);
      expect(await lock.acquire()).toBe(true);
      expect(new LockFile(file).acquireSync({ raiseIfFail: false })).toBe(false);
    }
    expect(new LockFile(file).acquireSync()).toBe(true);
  });

  it("of an object that is garbage-collected is free again, its descriptor closed, its author warned", async () => {
    const file = temporaryLock();
    const seen = await inChild<object>(
      `
      let collected = false;
      const registry = new FinalizationRegistry(() => {
        collected = true;
      });
      const descriptors = () => fs.readdirSync("/dev/fd").length;
      const warnings = [];
      process.on("warning", ({ code }) => warnings.push(code));
      process.stderr.write("");
      const warm = new LockFile(args[0] + ".warm");
      warm.acquireSync();
      const before = descriptors();
      // Held by three objects that nothing refers to, one of them taken for the second time.
      (() => {
        for (const n of [1, 2, 3]) {
          const lock = new LockFile(args[0] + n);
          lock.acquireSync();
          if (n === 1) lock.release();
          if (n === 1) lock.acquireSync();
        }
        // And one that has given its lock back is none of them.
        const released = new LockFile(args[0]);
        registry.register(released, null);
        released.acquireSync();
        released.release();
      })();
      const leaked = descriptors() - before;
      const end = performance.now() + 20_000;
      while ((descriptors() > before || !collected) && performance.now() < end) {
        gc();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const again = [1, 2, 3].map((n) => {
        const lock = new LockFile(args[0] + n);
        return [lock.getOwnerPid(), lock.acquireSync({ raiseIfFail: false })];
      });
      tell({ leaked, left: descriptors() - before - 3, collected, again, warm: warm.held, warnings });
      `,
      { args: [file], nodeOptions: ["--expose-gc"] },
    );
    const free = [null, true];
    expect(seen).toEqual({
      leaked: 3,
      left: 0,
      collected: true,
      again: [free, free, free],
      warm: true,
      warnings: ["LOCK_FORGOTTEN", "LOCK_FORGOTTEN", "LOCK_FORGOTTEN"],
    });
  });
});
