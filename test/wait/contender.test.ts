import { existsSync, mkdirSync, readdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { isPending, until, within } from "../support/bounded.js";
import { inChild } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helpersOn, helperWaits } from "../support/script.js";

const WAITING = { wait: true };

describe("a contender that waits", () => {
  it("gets the lock when a holder in another process releases it", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    expect(await isPending(acquired)).toBe(true);
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    expect(lock.held).toBe(true);
    lock.release();
  });

  it("shares one helper, one descriptor with all contenders for one file", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const contenders = Array.from({ length: 50 }, () =>
      new LockFile(file, WAITING).withLock(() => {}),
    );
    await helperWaits(file);
    expect(helpersOn(file)).toHaveLength(1);
    const open = readdirSync("/proc/self/fd").length;
    contenders.push(new LockFile(file, WAITING).withLock(() => {}));
    expect(readdirSync("/proc/self/fd")).toHaveLength(open);
    await other.release([file]);
    await within(20_000, "contenders", Promise.all(contenders));
    expect(helpersOn(file)).toEqual([]);
  });

  it("starts over when the file is unlinked while it waits", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    await helperWaits(file);
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
    const other = await Peer.holding(file);
    const acquired = new LockFile(file, WAITING).acquire();
    const failed = expect(acquired).rejects.toMatchObject({ code: "ENOENT", path: file });
    const behind = new LockFile(file, WAITING).acquire({ raiseIfFail: false });
    const alsoFailed = expect(
      within(20_000, "the next in the queue", behind),
    ).rejects.toMatchObject({
      code: "ENOENT",
      path: file,
    });
    await helperWaits(file);
    rmSync(directory, { recursive: true });
    await other.release([file]);
    await failed;
    await alsoFailed;
  });

  it("goes on waiting when its helper is killed", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    await helperWaits(file);
    const [helper = 0] = helpersOn(file);
    process.kill(helper, "SIGKILL");
    await until("another helper waits", () => helpersOn(file).some((pid) => pid !== helper));
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    lock.release();
  });

  it("gets its share beside two others that want the lock all the time", async () => {
    const file = temporaryLock();
    const start = `${file}.start`;
    const script = `
      const lock = new LockFile(args[0]);
      const sleep = (ms) => new Promise((resolve) => void setTimeout(resolve, ms));
      fs.writeFileSync(args[2], "");
      while (!fs.existsSync(args[1])) await sleep(10);
      const cell = new Int32Array(new SharedArrayBuffer(4));
      let count = 0;
      for (const end = performance.now() + 4_000; performance.now() < end; count++) {
        await lock.acquire({ timeout: 40_000 });
        for (const free = performance.now() + 20; performance.now() < free; );
        lock.release();
        Atomics.wait(cell, 0, 0, 1);
      }
      tell(count);
    `;
    const ready = [1, 2, 3].map((i) => `${file}.${i}`);
    const counts = ready.map((sign) => inChild<number>(script, { args: [file, start, sign] }));
    await until("all are there", () => ready.every((sign) => existsSync(sign)));
    writeFileSync(start, "");
    const takes = await Promise.all(counts);
    // All woke at each release, the kernel always woke one of them last, and that one got a 60th of the takes.
    const all = takes.reduce((sum, count) => sum + count, 0);
    expect(Math.min(...takes)).toBeGreaterThan(all / 9);
  });

  it("installs no listener on the process", async () => {
    const before = process.eventNames().map((event) => [event, process.listenerCount(event)]);
    const file = temporaryLock();
    await Peer.holding(file);
    const controller = new AbortController();
    const acquired = new LockFile(file, WAITING).acquire({ signal: controller.signal });
    await helperWaits(file);
    expect(process.eventNames().map((event) => [event, process.listenerCount(event)])).toEqual(
      before,
    );
    controller.abort();
    await expect(acquired).rejects.toMatchObject({ name: "AbortError" });
  });
});
