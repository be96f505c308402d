import { describe, expect, it } from "vitest";
import { LockFile, type Waiting } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { Peer } from "../support/peer.js";
import { waitersOn } from "../support/proc-locks.js";
import { scriptOn } from "../support/script.js";

describe("onWait", () => {
  it("is told who holds the lock and since when, once as long as nothing changes, and of the next holder", async () => {
    const file = temporaryLock();
    const first = await Peer.holding(file);
    const second = Peer.ours();
    const next = second.acquire([file], { timeout: 40_000 });
    await until("queued", () => waitersOn(file)?.length === 1);
    const told: Waiting[] = [];
    const lock = new LockFile(file);
    const acquired = lock.acquire({ timeout: 40_000, onWait: (waiting) => told.push(waiting) });
    await until("told", () => told.length > 0);
    expect(told).toEqual([
      {
        holder: {
          pid: first.pid,
          command: expect.stringContaining("our_peer.mjs"),
          started: expect.any(Date),
        },
        since: expect.any(Date),
        ahead: 1,
        circle: null,
      },
    ]);
    // Behind the other one: before it is in the queue, it could be the faster one. Looked at again, and the same.
    await until("in the kernel's queue", () => waitersOn(file)?.length === 2);
    await first.kill();
    expect(await next).toBe(true);
    await until("told of the next", () => told.some(({ holder }) => holder?.pid === second.pid));
    const states = told.map(({ holder, ahead }) => `${holder?.pid} ${ahead}`);
    expect(states).toEqual([...new Set(states)]);
    expect(told.at(-1)).toMatchObject({ holder: { pid: second.pid }, ahead: 0 });
    await second.release([file]);
    expect(await within(20_000, "the lock", acquired)).toBe(true);
    const count = told.length;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(told).toHaveLength(count);
    lock.release();
  });

  it("counts the contenders of this thread that come before, also those of one object", async () => {
    const file = temporaryLock();
    const holder = new LockFile(file, { wait: true });
    holder.acquireSync();
    const waits = [0, 1, 2].map(() => new LockFile(file).acquire({ wait: true }).catch(() => {}));
    const told: Waiting[] = [];
    const onWait = (waiting: Waiting): void => void told.push(waiting);
    const controller = new AbortController();
    const last = new LockFile(file).acquire({ wait: true, onWait, signal: controller.signal });
    await until("told", () => told.length === 1);
    expect(told[0]).toMatchObject({ holder: { pid: process.pid }, ahead: 3 });
    controller.abort();
    await expect(last).rejects.toThrow("aborted");
    expect(waits).toHaveLength(3);

    const one = new LockFile(temporaryLock(), { wait: true });
    let end = (): void => {};
    const busy = one.withLock(
      () =>
        new Promise<void>((resolve) => {
          end = resolve;
        }),
    );
    const queued = one.withLock(() => "ran", { onWait });
    await until("told", () => told.length === 2);
    expect(told[1]).toMatchObject({ holder: { pid: process.pid }, ahead: 1 });
    end();
    await busy;
    expect(await queued).toBe("ran");
  });

  it("names one of those who share the lock, and nobody if that cannot be told", async () => {
    const file = temporaryLock();
    const flock = await heldByFlock(file, "-s");
    const told: Waiting[] = [];
    const wait = new LockFile(file).acquire({
      timeout: 40_000,
      onWait: (waiting) => told.push(waiting),
    });
    await until("told", () => told.length === 1);
    expect(told[0]).toMatchObject({ holder: { pid: flock.pid }, since: null });
    flock.kill("SIGKILL");
    expect(await wait).toBe(true);
  });

  it("is not called by an acquire that does not wait", async () => {
    const file = temporaryLock();
    const lock = new LockFile(file);
    const told: Waiting[] = [];
    const onWait = (waiting: Waiting): void => void told.push(waiting);
    await lock.acquire({ wait: true, onWait });
    await expect(new LockFile(file).acquire({ onWait })).rejects.toMatchObject({
      code: "LOCK_BUSY",
    });
    await lock.withLock(() => {}, { onWait });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told).toEqual([]);
    lock.release();
  });

  it("may release the object that waits, and acquire with it", async () => {
    const file = temporaryLock();
    using holder = new LockFile(file);
    holder.acquireSync();
    const lock = new LockFile(file);
    const released = lock.acquire({ wait: true, onWait: () => lock.release() });
    await expect(within(20_000, "the release", released)).rejects.toMatchObject({
      code: "LOCK_RELEASED",
    });
    let inner: Promise<boolean> | undefined;
    const acquired = lock.acquire({
      timeout: 20_000,
      onWait: () => {
        inner ??= lock.acquire({ timeout: 20_000 });
        holder.release();
      },
    });
    expect(await within(20_000, "the lock", acquired)).toBe(true);
    expect([await inner, lock.held]).toEqual([true, true]);
    lock.release();
  });

  it("that throws, or rejects, does not end the wait", async () => {
    const file = temporaryLock();
    using holder = new LockFile(file);
    holder.acquireSync();
    const script = scriptOn(
      file,
      `process.on("uncaughtException", ({ message }) => console.log("caught", message));
       process.on("unhandledRejection", ({ message }) => console.log("caught", message));
       const fail = () => { throw new Error("mine"); };
       const more = new LockFile(${JSON.stringify(file)});
       const waits = [
         lock.acquire({ wait: true, onWait: fail }),
         more.acquire({ wait: true, onWait: async () => fail() }),
       ];
       await waits[0];
       lock.release();
       await waits[1];
       console.log("acquired");`,
    );
    expect([await script.line(), await script.line()]).toEqual(["caught mine", "caught mine"]);
    holder.release();
    expect(await script.line()).toBe("acquired");
  });

  it("must be a function", async () => {
    const lock = new LockFile(temporaryLock());
    // @ts-expect-error: it is none.
    await expect(lock.acquire({ onWait: 1 })).rejects.toMatchObject({
      code: "ERR_INVALID_ARG_TYPE",
      message: expect.stringContaining("the option onWait of acquire() must be a function"),
    });
  });
});
