import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { getEventListeners } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { CHANNELS, LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";
import { openFiles } from "../support/open-files.js";
import { Peer } from "../support/peer.js";
import { helpersOn, helperWaits } from "../support/script.js";

const WAITING = { wait: true };

describe("a signal", () => {
  it("that has aborted before rejects with its reason, and takes nothing", async () => {
    const lock = new LockFile(temporaryLock());
    const reason = new Error("no more");
    await expect(lock.acquire({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(lock.held).toBe(false);
  });

  it.each([
    ["at the front of the line", 0],
    ["behind another contender", 1],
  ])("ends a wait %s, and leaves nothing behind", async (_, contendersBefore) => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const before = Array.from({ length: contendersBefore }, () =>
      new LockFile(file, WAITING).withLock(() => {}),
    );
    if (contendersBefore > 0) await helperWaits(file);
    const open = openFiles("self");
    const controller = new AbortController();
    const { signal } = controller;
    const acquired = new LockFile(file).acquire({ ...WAITING, raiseIfFail: false, signal });
    if (contendersBefore === 0) await helperWaits(file);
    const reason = new Error("no more");
    controller.abort(reason);
    await expect(within(20_000, "abort", acquired)).rejects.toBe(reason);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    // Its helper is killed, which takes a moment.
    await until("as before", () => helpersOn(file).length === contendersBefore);
    // Of what was open before, processes of earlier tests may have given some back in the meantime.
    const more = () => [...openFiles("self")].filter(([fd, path]) => open.get(fd) !== path);
    // The table of the kernel may just be read.
    await until(`closed again: ${more()}`, () => more().length === 0);
    await other.release([file]);
    await within(20_000, "the others", Promise.all(before));
  });

  it("that aborts at the moment of the grant gives the lock back", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    for (let round = 0; round < 50; round++) {
      await first.acquire();
      const controller = new AbortController();
      const lock = new LockFile(file);
      const acquired = lock.acquire({ ...WAITING, signal: controller.signal });
      first.release();
      for (let turns = 0; turns < round % 10; turns++) await null;
      controller.abort();
      const outcome = await acquired.catch((error: unknown) => error);
      expect(outcome === true || outcome === controller.signal.reason).toBe(true);
      expect(lock.held).toBe(outcome === true);
      lock.release();
    }
    expect(await first.acquire({ wait: false })).toBe(true);
    first.release();
  });

  it("may end a hundred waits, without a warning of a leak", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    const warnings: unknown[] = [];
    const warn = ({ name }: Error): void => {
      if (name !== "Warning") warnings.push(name);
    };
    process.on("warning", warn);
    onTestFinished(() => void process.off("warning", warn));
    const controller = new AbortController();
    const { signal } = controller;
    const waits = Array.from({ length: 100 }, () =>
      new LockFile(file, WAITING).acquire({ signal }),
    );
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    controller.abort();
    for (const wait of waits) await expect(wait).rejects.toBe(signal.reason);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
    first.release();
  });

  it.each(["first", "second"])(
    "that aborts as the wait begins ends it, %s in line",
    async (place) => {
      const file = temporaryLock();
      const first = new LockFile(file);
      await first.acquire();
      const ahead = place === "second" ? [new LockFile(file, WAITING).withLock(() => {})] : [];
      const controller = new AbortController();
      const abort = (): void => controller.abort();
      subscribe(CHANNELS.wait, abort);
      onTestFinished(() => void unsubscribe(CHANNELS.wait, abort));
      const lock = new LockFile(file);
      const acquired = lock.acquire({ ...WAITING, signal: controller.signal });
      unsubscribe(CHANNELS.wait, abort);
      await expect(within(20_000, "abort", acquired)).rejects.toMatchObject({ name: "AbortError" });
      expect(getEventListeners(controller.signal, "abort")).toEqual([]);
      first.release();
      await within(20_000, "the one ahead", Promise.all(ahead));
      expect(lock.held).toBe(false);
    },
  );

  it("is forgotten once the lock is held", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    const controller = new AbortController();
    const lock = new LockFile(file);
    const acquired = lock.acquire({ ...WAITING, signal: controller.signal });
    first.release();
    await acquired;
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    controller.abort();
    expect(lock.held).toBe(true);
    lock.release();
  });
});
