import { mkdirSync, readdirSync, rmSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helpersOn } from "../support/script.js";

const WAITING = { wait: true };

describe("a contender that waits", () => {
  it("gets the lock when a holder in another process releases it", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    expect(await isPending(acquired)).toBe(true);
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    expect(lock.held).toBe(true);
    lock.release();
  });

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
    const other = Peer.ours();
    await other.acquire([file]);
    const order: number[] = [];
    const contenders = Array.from({ length: 20 }, (_, number) =>
      new LockFile(file, WAITING).withLock(() => void order.push(number)),
    );
    await other.release([file]);
    await within(20_000, "contenders", Promise.all(contenders));
    expect(order).toEqual([...order.keys()]);
  });

  it("shares one helper, one descriptor with all contenders for one file", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const contenders = Array.from({ length: 50 }, () =>
      new LockFile(file, WAITING).withLock(() => {}),
    );
    await until("a helper waits", () => helpersOn(file).length > 0);
    expect(helpersOn(file)).toHaveLength(1);
    const open = readdirSync("/proc/self/fd").length;
    contenders.push(new LockFile(file, WAITING).withLock(() => {}));
    expect(readdirSync("/proc/self/fd")).toHaveLength(open);
    await other.release([file]);
    await within(20_000, "contenders", Promise.all(contenders));
    expect(helpersOn(file)).toEqual([]);
  });

  it("lets another contender of the same object have the same hold", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
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

  it("starts over when the file is unlinked while it waits", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    await until("a helper waits", () => helpersOn(file).length > 0);
    unlinkSync(file);
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    await expect(other.acquire([file])).rejects.toMatchObject({ code: "LOCK_BUSY" });
    lock.release();
  });

  it("gets the system's error when the directory goes while it waits", async () => {
    const directory = join(temporaryDirectory(), "gone");
    mkdirSync(directory);
    const file = join(directory, "x.lock");
    const other = Peer.ours();
    await other.acquire([file]);
    const acquired = new LockFile(file, WAITING).acquire();
    const failed = expect(acquired).rejects.toMatchObject({ code: "ENOENT", path: file });
    const behind = new LockFile(file, WAITING).acquire({ raiseIfFail: false });
    await until("a helper waits", () => helpersOn(file).length > 0);
    rmSync(directory, { recursive: true });
    await other.release([file]);
    await failed;
    expect(await within(20_000, "the next in line", behind)).toBe(false);
  });

  it("goes on waiting when its helper is killed", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    await until("a helper waits", () => helpersOn(file).length > 0);
    const [helper = 0] = helpersOn(file);
    process.kill(helper, "SIGKILL");
    await until("another helper waits", () => helpersOn(file).some((pid) => pid !== helper));
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    lock.release();
  });

  it("installs no listener on the process", async () => {
    const before = process.eventNames().map((event) => [event, process.listenerCount(event)]);
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const controller = new AbortController();
    const acquired = new LockFile(file, WAITING).acquire({ signal: controller.signal });
    await until("a helper waits", () => helpersOn(file).length > 0);
    expect(process.eventNames().map((event) => [event, process.listenerCount(event)])).toEqual(
      before,
    );
    controller.abort();
    await expect(acquired).rejects.toMatchObject({ name: "AbortError" });
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
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const first = lock.acquire().then(() => lock.release());
    const inside = lock.withLock(() => lock.held);
    await other.release([file]);
    await within(20_000, "the first", first);
    expect(await within(20_000, "withLock", inside)).toBe(true);
    expect(lock.held).toBe(false);
  });
});

/** Whether a promise is still open after everything that is ready has run. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise((resolve) => setTimeout(() => resolve(isPending), 15));
  return (await Promise.race([promise.catch(() => undefined), late])) === isPending;
}
