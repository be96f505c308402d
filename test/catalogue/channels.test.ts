import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { CHANNELS, LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { Script } from "../support/script.js";

/** What the channels say of the locks in a directory while the test runs, and of which acquire: 1 for the first. */
function listen(directory: string, names: readonly string[] = Object.values(CHANNELS)) {
  const events: [channel: string, message: Record<string, unknown>][] = [];
  const ids: unknown[] = [];
  const note = (message: unknown, name: string | symbol): void => {
    const { path, id, ...rest } = message as Record<string, unknown>;
    if (!String(path).startsWith(directory)) return;
    if (!ids.includes(id)) ids.push(id);
    events.push([String(name), { id: ids.indexOf(id) + 1, ...rest }]);
  };
  for (const name of names) subscribe(name, note);
  onTestFinished(() => {
    for (const name of names) unsubscribe(name, note);
  });
  return events;
}

const MS = expect.any(Number);

describe("the diagnostics channels", () => {
  it("tell of a lock that was free: acquired, not waited for, and released", async () => {
    const directory = temporaryDirectory();
    const events = listen(directory);
    const lock = new ServerBackupLock(directory, "main");
    await lock.acquire();
    await lock.acquire();
    lock.release();
    lock.release();
    lock.acquireSync();
    lock.release();
    const once = (id: number) => [
      ["lock-catalogue:acquired", { id, kind: "ServerBackupLock", waited: 0, unused: 0 }],
      ["lock-catalogue:released", { id, kind: "ServerBackupLock", held: MS }],
    ];
    expect(events).toEqual([...once(1), ...once(2)]);
  });

  it("tell of a wait, how long it was, and how long the lock was held", async () => {
    const directory = temporaryDirectory();
    const events = listen(directory);
    const file = join(directory, "x.lock");
    const first = new LockFile(file);
    await first.acquire();
    const second = new LockFile(file);
    const late = second.acquire({ timeout: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    first.release();
    await late;
    second.release();
    expect(events).toEqual([
      ["lock-catalogue:acquired", { id: 1, kind: "LockFile", waited: 0, unused: 0 }],
      ["lock-catalogue:wait", { id: 2, kind: "LockFile", timeout: 20_000 }],
      ["lock-catalogue:released", { id: 1, kind: "LockFile", held: MS }],
      ["lock-catalogue:acquired", { id: 2, kind: "LockFile", waited: MS, unused: MS }],
      ["lock-catalogue:released", { id: 2, kind: "LockFile", held: MS }],
    ]);
    const [, , released, acquired] = events.map(([, message]) => message);
    expect(released?.["held"]).toBeGreaterThan(45);
    expect(acquired?.["waited"]).toBeGreaterThan(45);
  });

  it("tell of a synchronous wait, and of one that came to nothing", () => {
    const directory = temporaryDirectory();
    const file = join(directory, "x.lock");
    using first = new LockFile(file);
    first.acquireSync();
    const events = listen(directory);
    expect(() => new LockFile(file).acquireSync({ timeout: 5 })).toThrow();
    expect(events).toEqual([
      ["lock-catalogue:wait", { id: 1, kind: "LockFile", timeout: 5 }],
      ["lock-catalogue:failed", { id: 1, kind: "LockFile", code: "LOCK_DEADLOCK", waited: MS }],
    ]);
  });

  it.each([
    ["LOCK_BUSY", (lock: LockFile) => lock.acquire({ wait: false })],
    ["LOCK_BUSY", async (lock: LockFile) => lock.acquireSync({ wait: false })],
    ["LOCK_BUSY", (lock: LockFile) => lock.withLock(() => {}, { wait: false })],
    ["LOCK_TIMEOUT", (lock: LockFile) => lock.acquire({ timeout: 5 })],
    ["ABORT_ERR", (lock: LockFile) => lock.acquire({ wait: true, signal: AbortSignal.timeout(5) })],
    ["ABORT_ERR", (lock: LockFile) => lock.acquire({ wait: true, signal: AbortSignal.abort() })],
    ["ABORT_ERR", (lock: LockFile) => lock.withLock(() => {}, { signal: AbortSignal.abort(1) })],
    [
      "LOCK_RELEASED",
      async (lock: LockFile) => {
        const wait = lock.acquire({ wait: true });
        setTimeout(() => lock.release(), 5);
        await wait;
      },
    ],
  ])("tell of a failed acquire, %s, once for each wait: %s", async (code, acquire) => {
    const directory = temporaryDirectory();
    const file = join(directory, "x.lock");
    using first = new LockFile(file);
    first.acquireSync();
    const events = listen(directory);
    await acquire(new LockFile(file, { raiseIfFail: false })).catch(() => {});
    await expect(acquire(new LockFile(file))).rejects.toBeDefined();
    const failed = events.filter(([name]) => name === CHANNELS.failed).map(([, told]) => told);
    expect(failed).toEqual([1, 2].map((id) => ({ id, kind: "LockFile", code, waited: MS })));
    for (const [name, { id }] of events) if (name === CHANNELS.wait) expect([1, 2]).toContain(id);
  });

  it("tell of an error of the system, and of what the lock cannot be", async () => {
    const directory = temporaryDirectory();
    const events = listen(directory);
    const nowhere = new LockFile(join(directory, "none/x.lock"));
    await expect(nowhere.acquire({ timeout: 20_000 })).rejects.toThrow();
    expect(() => nowhere.acquireSync()).toThrow();
    mkdirSync(join(directory, "y.lock"));
    await expect(new LockFile(join(directory, "y.lock")).acquire()).rejects.toThrow();
    const failed = { kind: "LockFile", waited: MS };
    expect(events).toEqual([
      [CHANNELS.failed, { id: 1, code: "ENOENT", ...failed }],
      [CHANNELS.failed, { id: 2, code: "ENOENT", ...failed }],
      [CHANNELS.failed, { id: 3, code: "LOCK_UNSAFE", ...failed }],
    ]);
  });

  it("end each of several waits of one object, of which one gets the lock", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "x.lock");
    const first = new LockFile(file);
    first.acquireSync();
    const events = listen(directory);
    const second = new LockFile(file);
    const waits = [1, 2, 3].map(() => second.acquire({ timeout: 20_000 }));
    await until("three wait", () => events.length === 3);
    first.release();
    expect(await Promise.all(waits)).toEqual([true, true, true]);
    second.release();
    const ends = events.filter(([name]) => name === CHANNELS.acquired || name === CHANNELS.failed);
    expect(new Set(ends.map(([, { id }]) => id))).toEqual(new Set([1, 2, 3]));
    expect(ends.map(([, { code }]) => code).toSorted()).toEqual([
      "LOCK_HELD",
      "LOCK_HELD",
      undefined,
    ]);
  });

  it("say that they do not know how long a lock was held that was taken before they were heard", () => {
    const directory = temporaryDirectory();
    const lock = new LockFile(join(directory, "x.lock"));
    lock.acquireSync();
    const events = listen(directory, [CHANNELS.released]);
    lock.release();
    expect(events).toEqual([["lock-catalogue:released", { id: 1, kind: "LockFile", held: null }]]);
  });

  it("do no harm to a lock where a subscriber throws", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "x.lock");
    const script = new Script(`
      import { subscribe } from "node:diagnostics_channel";
      import { LockFile } from "lock-catalogue";
      process.on("uncaughtException", (error) => console.log("caught", error.message));
      for (const name of ["acquired", "released"]) {
        subscribe("lock-catalogue:" + name, () => { throw new Error(name); });
      }
      const lock = new LockFile(${JSON.stringify(file)});
      console.log(await lock.acquire(), lock.held);
      lock.release();
      console.log(lock.held);
    `);
    const lines = [];
    for (let i = 0; i < 4; i++) lines.push(await within(20_000, "a line", script.line()));
    expect(lines.toSorted()).toEqual(["caught acquired", "caught released", "false", "true true"]);
    expect(existsSync(file)).toBe(true);
  });

  it.each([
    ["acquire", (lock: LockFile) => lock.acquire()],
    ["acquire(timeout)", (lock: LockFile) => lock.acquire({ timeout: 20_000 })],
    ["acquireSync", (lock: LockFile) => lock.acquireSync()],
    ["acquireSync(timeout)", (lock: LockFile) => lock.acquireSync({ timeout: 20_000 })],
    ["withLock", (lock: LockFile) => lock.withLock((locked) => locked)],
  ])("make no %s true whose subscriber has released the lock again", async (_what, take) => {
    const file = join(temporaryDirectory(), "x.lock");
    const lock = new LockFile(file, { raiseIfFail: false });
    const strict = new LockFile(file);
    const release = (message: unknown): void => {
      if ((message as { path: string }).path !== file) return;
      lock.release();
      strict.release();
    };
    subscribe(CHANNELS.acquired, release);
    onTestFinished(() => void unsubscribe(CHANNELS.acquired, release));
    const events = listen(file);
    expect([await take(lock), lock.held]).toEqual([false, false]);
    // An end of its own, and not a failed one beside it.
    expect(events.map(([name]) => name)).toEqual([CHANNELS.released, CHANNELS.acquired]);
    await expect((async () => take(strict))()).rejects.toMatchObject({ code: "LOCK_RELEASED" });
    expect(strict.held).toBe(false);
  });
});
