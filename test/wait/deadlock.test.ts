import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock, ServerXLOGDBLock } from "../../generated/index.js";
import { CHANNELS, type DeadlockMessage, LockFile, type Waiting } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { waitersOn } from "../support/proc-locks.js";

/** Waits until somebody has left off polling, and stands in the kernel's queue. */
async function queued(file: string): Promise<void> {
  await until(`somebody waits for ${file}`, () => waitersOn(file)?.length === 1);
}

/** This process holds the backup's lock, and a peer holds the other one and waits for the first. */
async function halfACircle() {
  const directory = temporaryDirectory();
  const backup = new ServerBackupLock(directory, "main");
  const xlogdb = new ServerXLOGDBLock(directory, "main");
  await backup.acquire();
  onTestFinished(() => backup.release());
  const peer = Peer.ours();
  await peer.acquire(["ServerXLOGDBLock", directory, "main"]);
  const waits = peer.acquire(["ServerBackupLock", directory, "main"], {
    timeout: 60_000,
  });
  waits.catch(() => {});
  await queued(backup.filename);
  return { directory, backup, xlogdb, peer, waits };
}

describe("a wait in a circle", () => {
  it("says so when its time is over, with processes and kinds", async () => {
    const { backup, xlogdb, peer, waits } = await halfACircle();
    const circle = [
      { pid: process.pid, kind: "ServerBackupLock", path: backup.filename },
      { pid: peer.pid, kind: "ServerXLOGDBLock", path: xlogdb.filename },
    ];
    const text = `deadlock: ${process.pid} (ServerBackupLock) → ${peer.pid} (ServerXLOGDBLock) → ${process.pid}. `;
    const late = { code: "LOCK_TIMEOUT", message: expect.stringContaining(text), circle };
    await expect(xlogdb.acquire({ timeout: 50 })).rejects.toMatchObject(late);
    expect(() => xlogdb.acquireSync({ timeout: 10 })).toThrow(expect.objectContaining(late));
    backup.release();
    await within(20_000, "the peer", waits);
  });

  it("is told to `onWait` and to the channel while it lasts, once", async () => {
    const messages: DeadlockMessage[] = [];
    const listener = (message: unknown) => void messages.push(message as DeadlockMessage);
    subscribe(CHANNELS.deadlock, listener);
    onTestFinished(() => void unsubscribe(CHANNELS.deadlock, listener));
    const { backup, xlogdb, peer, waits } = await halfACircle();
    const told: Waiting[] = [];
    const onWait = (waiting: Waiting) => void told.push(waiting);
    const acquired = xlogdb.acquire({ wait: true, onWait });
    await until("told", () => told.some(({ circle }) => circle !== null));
    await until("published", () => messages.length > 0);
    const circle = [{ pid: process.pid }, { pid: peer.pid }];
    expect(told.at(-1)).toMatchObject({ circle });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(messages).toEqual([
      {
        id: expect.any(Number),
        kind: "ServerXLOGDBLock",
        path: xlogdb.filename,
        circle: [expect.objectContaining(circle[0]), expect.objectContaining(circle[1])],
      },
    ]);
    // This is the way out: one of them gives up.
    backup.release();
    expect(await within(20_000, "the peer", waits)).toBe(true);
    await peer.kill();
    expect(await within(20_000, "the wait", acquired)).toBe(true);
    xlogdb.release();
  });

  it("goes through processes that hold and want other locks", async () => {
    const directory = temporaryDirectory();
    const files = ["a", "b", "c"].map((name) => join(directory, `${name}.lock`));
    const [a = "", b = "", c = ""] = files;
    const own = new LockFile(a);
    await own.acquire();
    onTestFinished(() => own.release());
    const [second, third] = [await Peer.holding(b), await Peer.holding(c)];
    second.acquire([c], { timeout: 60_000 }).catch(() => {});
    third.acquire([a], { timeout: 60_000 }).catch(() => {});
    await queued(c);
    await queued(a);
    const error = await new LockFile(b).acquire({ timeout: 50 }).catch((reason) => reason);
    expect(error.circle).toEqual([
      { pid: process.pid, kind: "LockFile", path: a },
      { pid: second.pid, kind: "LockFile", path: b },
      { pid: third.pid, kind: null, path: c },
    ]);
    expect(error.message).toContain(`${second.pid} (${b}) → ${third.pid} (${c}) → ${process.pid}.`);
  });

  it("is none if the holder waits for something else, or nobody does", async () => {
    const directory = temporaryDirectory();
    const [a = "", b = "", c = ""] = ["a", "b", "c"].map((name) => join(directory, name));
    const own = new LockFile(a);
    await own.acquire();
    onTestFinished(() => own.release());
    const [second] = [await Peer.holding(b), await Peer.holding(c)];
    second.acquire([c], { timeout: 60_000 }).catch(() => {});
    await queued(c);
    const error = await new LockFile(b).acquire({ timeout: 50 }).catch((reason) => reason);
    expect(error).toMatchObject({ code: "LOCK_TIMEOUT", circle: null });
    expect(error.message).not.toContain("deadlock");
  });
});
