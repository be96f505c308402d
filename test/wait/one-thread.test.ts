import { spawn } from "node:child_process";
import { mkdirSync, renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { isPending, until, within } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { waitersOn } from "../support/proc-locks.js";
import { helpersOn } from "../support/script.js";

const WAITING = { wait: true };

describe("a contender beside others of its thread", () => {
  it("gets the lock when another object of this process releases it", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    const second = new LockFile(file);
    const acquired = second.acquire(WAITING);
    expect(await isPending(acquired)).toBe(true);
    expect(helpersOn(file)).toEqual([]);
    first.release();
    expect(await acquired).toBe(true);
    second.release();
  });

  it("gets it in the order of arrival among those of one process", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const order: number[] = [];
    const contenders = Array.from({ length: 20 }, (_, number) =>
      new LockFile(file, WAITING).withLock(() => void order.push(number)),
    );
    await other.release([file]);
    await within(20_000, "contenders", Promise.all(contenders));
    expect(order).toEqual([...order.keys()]);
  });

  it("lets another contender of the same object have the same hold", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const lock = new LockFile(file, WAITING);
    const between = new LockFile(file, WAITING);
    const first = lock.acquire();
    const second = between.acquire();
    const third = lock.acquire();
    await other.release([file]);
    expect(await within(20_000, "both", Promise.all([first, third]))).toEqual([true, true]);
    expect(between.held).toBe(false);
    lock.release();
    expect(await second).toBe(true);
    between.release();
  });

  it("gets its turn beside an object of its process that takes the lock again and again", async () => {
    const file = temporaryLock();
    const hog = new LockFile(file);
    const waiting = new LockFile(file, WAITING);
    let done = false;
    const hogging = (async () => {
      while (!done) {
        if (hog.acquireSync({ raiseIfFail: false })) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          hog.release();
          // At once, and before any promise settles.
          hog.acquireSync({ raiseIfFail: false });
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
        hog.release();
      }
    })();
    for (let turn = 0; turn < 20; turn++) {
      await within(20_000, `turn ${turn}`, waiting.acquire());
      expect(hog.held).toBe(false);
      waiting.release();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    done = true;
    await hogging;
  });

  it("gets the lock of the file that is there, though its thread still holds one that was unlinked", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    unlinkSync(file);
    const second = new LockFile(file, WAITING);
    expect(await within(20_000, "acquire", second.acquire())).toBe(true);
    const third = new LockFile(file, WAITING).acquire({ timeout: 20_000 });
    expect(await isPending(third)).toBe(true);
    first.release();
    expect(await isPending(third)).toBe(true);
    second.release();
    expect(await third).toBe(true);
  });

  it("by withLock runs its function only under the lock, whatever becomes of other acquires of its object", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const lock = new LockFile(file, WAITING);
    const first = lock.acquire().then(() => lock.release());
    const inside = lock.withLock(() => lock.held);
    await other.release([file]);
    await within(20_000, "the first", first);
    expect(await within(20_000, "withLock", inside)).toBe(true);
    expect(lock.held).toBe(false);
  });

  it("gets the system's error when the directory goes while it waits for another object", async () => {
    // Now and then the turn of the thread is over by then, and the contender finds out a moment later.
    for (let time = 0; time < 20; time++) {
      const directory = join(temporaryDirectory(), "gone");
      mkdirSync(directory);
      const file = join(directory, "x.lock");
      const first = new LockFile(file);
      first.acquireSync();
      const second = new LockFile(file, WAITING).acquire();
      const failed = expect(second).rejects.toMatchObject({ code: "ENOENT", path: file });
      renameSync(directory, `${directory}-away`);
      first.release();
      await within(20_000, "the error", failed);
    }
  });

  it("lets processes that wait go before when its thread has had the lock for a while", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    const second = new LockFile(file, WAITING);
    const acquired = second.acquire();
    const others = [1, 2].map(() => spawn("flock", ["-x", file, "true"]));
    const codes = others.map((other) => new Promise((resolve) => other.once("exit", resolve)));
    onTestFinished(() => others.forEach((other) => void other.kill("SIGKILL")));
    await until("two wait", () => waitersOn(file)?.length === 2);
    first.release();
    expect(await within(20_000, "the second", acquired)).toBe(true);
    second.release();
    expect(await within(20_000, "the others", Promise.all(codes))).toEqual([0, 0]);
  });

  it("waits on where its turn is over, and an object of its thread is faster", async () => {
    const file = temporaryLock();
    const hog = new LockFile(file);
    await hog.acquire();
    const acquired = new LockFile(file, WAITING).withLock(() => hog.held);
    expect(await isPending(acquired)).toBe(true);
    // Longer than a thread passes the lock on.
    await sleep(20);
    hog.release();
    expect(hog.acquireSync()).toBe(true);
    expect(await isPending(acquired)).toBe(true);
    hog.release();
    expect(await within(20_000, "the contender", acquired)).toBe(false);
  });

  // Whoever gets the lock for all waits of its object may give it back in any turn of the microtasks that follow.
  it.each(Array.from({ length: 12 }, (_, turns) => turns))(
    "by withLock waits again where its object had the lock, and not for long: %d turns",
    async (turns) => {
      const file = temporaryLock();
      const first = new LockFile(file);
      await first.acquire();
      const lock = new LockFile(file, WAITING);
      const waited = lock.acquire().then(async () => {
        for (let turn = 0; turn < turns; turn++) await null;
        lock.release();
      });
      const inside = lock.withLock(() => lock.held);
      first.release();
      await within(20_000, "the acquire", waited);
      expect(await within(20_000, "withLock", inside)).toBe(true);
      expect(lock.held).toBe(false);
    },
  );
});
