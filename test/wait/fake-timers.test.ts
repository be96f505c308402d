import { mock } from "node:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { barman, ServerCronLock } from "../../generated/index.js";
import { LockFile } from "../../src/index.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { Peer } from "../support/peer.js";

describe.each([
  ["vitest's", () => void vi.useFakeTimers(), () => void vi.useRealTimers()],
  [
    "mock.timers of node:test",
    () => mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] }),
    () => mock.timers.reset(),
  ],
])("with fake timers, %s,", (_whose, fake, real) => {
  // The tests begin and end in real time: the peers wait for their processes.
  beforeEach(() => real());
  afterEach(() => real());

  it("a wait is granted, and another ends with its timeout", async () => {
    const file = temporaryLock();
    const holder = await within(20_000, "a holder", Peer.holding(file));
    fake();
    const lock = new LockFile(file);
    const early = within(20_000, "the timeout", lock.acquire({ timeout: 60 }));
    await expect(early).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    expect(() => lock.acquireSync({ timeout: 60 })).toThrow(/still busy after/);
    // Beyond the tries, in the kernel's queue.
    const queued = within(20_000, "the timeout in the queue", lock.acquire({ timeout: 400 }));
    await expect(queued).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    const late = lock.acquire({ wait: true });
    real();
    await holder.release([file]);
    fake();
    expect(await within(20_000, "the grant", late)).toBe(true);
    lock.release();
  });

  it("contenders of one thread and calls of withLock hand the lock over", async () => {
    const file = temporaryLock();
    fake();
    const one = new LockFile(file);
    const two = new LockFile(file);
    const order: number[] = [];
    const calls = [one, two, one, two].map((lock, n) =>
      lock.withLock(() => void order.push(n), { wait: true }),
    );
    await within(20_000, "four calls", Promise.all(calls));
    expect(order.toSorted()).toEqual([0, 1, 2, 3]);
    const both = [one.acquire({ wait: true }), one.acquire({ wait: true })];
    expect(await within(20_000, "two acquires of one object", Promise.all(both))).toEqual([
      true,
      true,
    ]);
    one.release();
  });

  it("a lock that is shared is busy at once, and its holders are looked for", async () => {
    const directory = temporaryDirectory();
    const lock = new ServerCronLock(directory, "main");
    await heldByFlock(lock.filename, "-s");
    fake();
    const busy = within(20_000, "an acquire", lock.acquire());
    await expect(busy).rejects.toMatchObject({ code: "LOCK_BUSY" });
    expect(() => lock.acquireSync()).toThrow(/only share it/);
    const [entry] = await within(20_000, "a scan", barman.scan(directory));
    expect(entry?.state).toBe("shared");
    const { held } = await within(20_000, "a sweep", barman.sweep(directory));
    expect(held).toHaveLength(1);
  });

  it("the owner that leaves no PID is found", async () => {
    const file = temporaryLock();
    await heldByFlock(file);
    fake();
    expect(new LockFile(file).getOwnerPid()).toBeGreaterThan(1);
  });
});
