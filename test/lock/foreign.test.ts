import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { temporaryLock } from "../support/directory.js";
import { canLock, Foreign, hasFlock } from "../support/foreign.js";

describe.skipIf(!hasFlock)("the flock program", () => {
  it.each(["-x", "-s"] as const)(
    "with %s keeps us out for as long as it holds, and no longer",
    async (mode) => {
      const file = temporaryLock();
      const foreign = await new Foreign(mode, file).held();
      const lock = new LockFile(file);
      await expect(lock.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY", path: file });
      expect(lock.acquireSync({ raiseIfFail: false })).toBe(false);
      await expect(lock.acquire({ timeout: 10 })).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
      const late = lock.acquire({ timeout: 20_000 });
      expect(await Promise.race([late, sleep(60, "not yet")])).toBe("not yet");
      await foreign.release();
      expect(await late).toBe(true);
      lock.release();
    },
  );

  it("with -x holds a lock whose holder the file does not name, and the kernel does", async () => {
    const file = temporaryLock();
    const foreign = await new Foreign("-x", file).held();
    const lock = new LockFile(file);
    expect(lock.getOwnerPid()).toBe(foreign.pid);
    await expect(lock.acquire()).rejects.toThrow(/held by PID \d+\. /);
  });

  it.each(["-x", "-s"] as const)("with %s is kept out by us", (mode) => {
    const file = temporaryLock();
    using lock = new LockFile(file);
    lock.acquireSync();
    expect(canLock(mode, file)).toBe(false);
    lock.release();
    expect(canLock(mode, file)).toBe(true);
  });
});
