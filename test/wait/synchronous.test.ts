import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helpersOn, Script } from "../support/script.js";

const WAITING = { wait: true };

describe("a synchronous wait", () => {
  it("gets the lock when another process releases it", async () => {
    const file = temporaryLock();
    const other = new Script(`
      import { LockFile } from "lock-catalogue";
      const lock = new LockFile(${JSON.stringify(file)});
      lock.acquireSync();
      console.log("held");
      setTimeout(() => lock.release(), 100);
    `);
    expect(await other.line()).toBe("held");
    const lock = new LockFile(file);
    expect(lock.acquireSync({ timeout: 20_000 })).toBe(true);
    lock.release();
  });

  it("ends with its timeout", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file);
    expect(() => lock.acquireSync({ timeout: 30 })).toThrow(
      expect.objectContaining({ code: "LOCK_TIMEOUT" }),
    );
    expect(lock.acquireSync({ timeout: 2, raiseIfFail: false })).toBe(false);
    expect(helpersOn(file)).toEqual([]);
  });

  it.each(["the same path", "another path"])(
    "for a lock of this thread is a deadlock, by %s",
    async (by) => {
      const directory = temporaryDirectory();
      const held = new LockFile(join(directory, "x.lock"));
      await held.acquire();
      const alias = join(temporaryDirectory(), "alias");
      symlinkSync(directory, alias);
      const lock = new LockFile(join(by === "another path" ? alias : directory, "x.lock"));
      expect(() => lock.acquireSync(WAITING)).toThrow(
        expect.objectContaining({ code: "LOCK_DEADLOCK" }),
      );
      expect(lock.acquireSync({ ...WAITING, raiseIfFail: false })).toBe(false);
      held.release();
    },
  );

  it("does not wait for an asynchronous wait of its own thread, which goes on afterwards", async () => {
    const file = temporaryLock();
    const other = new Script(`
      import { LockFile } from "lock-catalogue";
      const lock = new LockFile(${JSON.stringify(file)});
      lock.acquireSync();
      console.log("held");
      setTimeout(() => lock.release(), 300);
    `);
    expect(await other.line()).toBe("held");
    const patient = new LockFile(file, WAITING);
    const acquired = patient.acquire();
    await until("a helper waits", () => helpersOn(file).length > 0);
    const hasty = new LockFile(file);
    expect(hasty.acquireSync({ timeout: 20_000 })).toBe(true);
    expect(patient.held).toBe(false);
    hasty.release();
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    patient.release();
  });
});
