import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
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
    // As the kernel reads it: `no/such` may be a link to elsewhere.
    expect(lock.filename).toBe(`${process.cwd()}/no/such/../directory/x.lock`);
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

  it.each([
    ["acquire", { updatePid: false }, {}, ""],
    ["the constructor", {}, { updatePid: false }, ""],
    ["acquire, and not in the constructor", { updatePid: true }, { updatePid: false }, "stamped"],
  ])(
    "with updatePid in %s stamps or not, on acquire, acquireSync and withLock",
    async (_where, given, own, expected) => {
      const file = temporaryLock();
      const lock = new LockFile(file, own);
      const seen = (): string => {
        const text = readFileSync(file, "latin1");
        return text === `${process.pid}\n` ? "stamped" : text.trim();
      };
      await lock.acquire(given);
      expect(seen()).toBe(expected);
      lock.release();
      lock.acquireSync(given);
      expect(seen()).toBe(expected);
      lock.release();
      expect(await lock.withLock(seen, given)).toBe(expected);
      expect(seen()).toBe("");
    },
  );

  it.each([
    ["longer", '{ "last": 4712 }\n'],
    ["as long as the PID", `${"x".repeat(String(process.pid).length)}\n`],
    ["that begins with the PID", `${process.pid}\n2026-01-01\n`],
    ["nothing", ""],
  ])("leaves alone what its holder writes into its file: %s", async (_what, state) => {
    const file = temporaryLock();
    const lock = new LockFile(file);
    await lock.withLock(() => {
      expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
      writeFileSync(file, state);
    });
    expect(readFileSync(file, "latin1")).toBe(state);
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
});
