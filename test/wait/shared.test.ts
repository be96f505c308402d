import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { isPending, until, within } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";
import { canLock, Foreign, hasFlock } from "../support/foreign.js";
import { Peer } from "../support/peer.js";
import { helpersOn, helperWaits } from "../support/script.js";

const READ = { mode: "shared", wait: true } as const;
const WRITE = { wait: true } as const;

it("neighbours in line that share are let in together, and who comes after a writer waits for it", async () => {
  const file = temporaryLock();
  const first = new LockFile(file);
  await first.acquire();
  const now = new Set<string>();
  const seen: string[] = [];
  const leave = new Map<string, () => void>();
  const hold = async (name: string, options: object) => {
    await new LockFile(file).withLock(async () => {
      now.add(name);
      seen.push([...now].join(" "));
      if (["a", "b", "d"].includes(name)) {
        await new Promise<void>((resolve) => leave.set(name, resolve));
      }
      now.delete(name);
    }, options);
  };
  const all = [
    hold("a", READ),
    hold("b", READ),
    hold("c", READ),
    hold("writer", WRITE),
    hold("d", READ),
    hold("e", READ),
  ];
  first.release();
  await until("a, b and c are in", () => seen.length === 3);
  // d and e could share the lock with a and b now, and do not: the writer came first.
  expect(await isPending(all[4] ?? Promise.resolve())).toBe(true);
  expect(seen).toEqual(["a", "a b", "a b c"]);
  expect(now).toEqual(new Set(["a", "b"]));
  leave.get("a")?.();
  await until("a is out", () => !now.has("a"));
  expect(seen).toHaveLength(3);
  leave.get("b")?.();
  await until("e is in", () => seen.length === 6);
  expect(seen.slice(3)).toEqual(["writer", "d", "d e"]);
  leave.get("d")?.();
  await within(20_000, "all", Promise.all(all));
});

it.skipIf(!hasFlock)(
  "a reader waits in the kernel's queue for a process that holds alone",
  async () => {
    const file = temporaryLock();
    const foreign = await new Foreign("-x", file).held();
    const reader = new LockFile(file);
    onTestFinished(() => reader.release());
    const acquired = reader.acquire(READ);
    await helperWaits(file);
    expect((await reader.inspect()).waiters.map(({ pid }) => pid)).toEqual([process.pid]);
    await foreign.release();
    expect(await within(20_000, "the reader", acquired)).toBe(true);
    expect([canLock("-s", file), canLock("-x", file)]).toEqual([true, false]);
    // The helper that took the lock for it is gone, and is who the kernel's table names.
    expect(await reader.inspect()).toMatchObject({
      state: "shared",
      holders: [{ pid: process.pid }],
    });
    expect(helpersOn(file)).toEqual([]);
  },
);

it("a writer waits until the last reader of other processes has gone", async () => {
  const file = temporaryLock();
  const peers = [Peer.ours(), Peer.ours()];
  for (const peer of peers) await peer.acquire([file], { mode: "shared" });
  const writer = new LockFile(file);
  const acquired = writer.acquire(WRITE);
  await helperWaits(file);
  await peers[0]?.kill();
  expect(await isPending(acquired)).toBe(true);
  await peers[1]?.release([file]);
  expect(await within(20_000, "the writer", acquired)).toBe(true);
  expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
  writer.release();
});

it("a synchronous wait that shares does not wait for who shares, and an upgrade would be a deadlock", async () => {
  const file = temporaryLock();
  const [one, two] = [new LockFile(file), new LockFile(file)];
  onTestFinished(() => one.release());
  expect(one.acquireSync(READ)).toBe(true);
  expect(two.acquireSync(READ)).toBe(true);
  expect(() => new LockFile(file).acquireSync(WRITE)).toThrow(
    expect.objectContaining({ code: "LOCK_DEADLOCK" }),
  );
  two.release();
  const peer = Peer.ours();
  const acquired = peer.acquire([file], { timeout: 15_000 });
  await helperWaits(file);
  // The kernel grants a share beside shares, also if a writer waits.
  expect(two.acquireSync(READ)).toBe(true);
  two.release();
  one.release();
  expect(await acquired).toBe(true);
});

it("a Worker waits synchronously to share", async () => {
  const file = temporaryLock();
  const peer = await Peer.holding(file);
  const worker = new Worker(
    `import("lock-catalogue").then(({ LockFile }) => {
       const lock = new LockFile(${JSON.stringify(file)});
       const got = lock.acquireSync({ mode: "shared", timeout: 15_000 });
       require("node:worker_threads").parentPort.postMessage(got);
       setInterval(() => {}, 1000);
     })`,
    { eval: true },
  );
  onTestFinished(async () => void (await worker.terminate()));
  const answer = new Promise((resolve) => worker.once("message", resolve));
  await helperWaits(file);
  await peer.release([file]);
  expect(await within(20_000, "the Worker", answer)).toBe(true);
  expect([canLock("-s", file), canLock("-x", file)]).toEqual([true, false]);
});
