import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { CHANNELS, LockFile } from "../../src/index.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { Script } from "../support/script.js";

/** What the channels say of the locks in a directory while the test runs. */
function listen(directory: string, names: readonly string[] = Object.values(CHANNELS)) {
  const events: [channel: string, message: Record<string, unknown>][] = [];
  const note = (message: unknown, name: string | symbol): void => {
    const { path, ...rest } = message as Record<string, unknown>;
    if (String(path).startsWith(directory)) events.push([String(name), rest]);
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
    const once = [
      ["lock-catalogue:acquired", { kind: "ServerBackupLock", waited: 0 }],
      ["lock-catalogue:released", { kind: "ServerBackupLock", held: MS }],
    ];
    expect(events).toEqual([...once, ...once]);
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
      ["lock-catalogue:acquired", { kind: "LockFile", waited: 0 }],
      ["lock-catalogue:wait", { kind: "LockFile", timeout: 20_000 }],
      ["lock-catalogue:released", { kind: "LockFile", held: MS }],
      ["lock-catalogue:acquired", { kind: "LockFile", waited: MS }],
      ["lock-catalogue:released", { kind: "LockFile", held: MS }],
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
    expect(events).toEqual([["lock-catalogue:wait", { kind: "LockFile", timeout: 5 }]]);
  });

  it("say that they do not know how long a lock was held that was taken before they were heard", () => {
    const directory = temporaryDirectory();
    const lock = new LockFile(join(directory, "x.lock"));
    lock.acquireSync();
    const events = listen(directory, [CHANNELS.released]);
    lock.release();
    expect(events).toEqual([["lock-catalogue:released", { kind: "LockFile", held: null }]]);
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
    expect([await take(lock), lock.held]).toEqual([false, false]);
    await expect((async () => take(strict))()).rejects.toMatchObject({ code: "LOCK_RELEASED" });
    expect(strict.held).toBe(false);
  });
});
