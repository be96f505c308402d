import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { canMount, inChild, type Surroundings } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { Peer } from "../support/peer.js";

/** A child that sees no /proc, as on macOS. */
function withoutProc(...args: readonly string[]): Surroundings {
  return { args, ownMounts: true, shell: 'mount -t tmpfs none /proc\nexec "$@"' };
}

describe.skipIf(!canMount)("where the system tells nothing of its processes", () => {
  it("the owner is who stands in the file", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const script = `
      const lock = new LockFile(args[0]);
      tell({ owner: lock.getOwnerPid(), busy: await attempt(() => lock.acquire()) });
    `;
    expect(await inChild(script, withoutProc(file))).toEqual({
      owner: holder.pid,
      busy: expect.objectContaining({
        code: "LOCK_BUSY",
        message: expect.stringContaining(`is held by PID ${holder.pid}. Try`),
      }),
    });
  });

  it("a lock that is shared is busy", async () => {
    const file = temporaryLock();
    await heldByFlock(file, "-s");
    const script = "tell(await attempt(() => new LockFile(args[0]).acquire()));";
    expect(await inChild(script, withoutProc(file))).toMatchObject({ code: "LOCK_BUSY" });
  });

  it("the owner is unknown where the file does not say", async () => {
    const file = temporaryLock();
    await heldByFlock(file);
    const script = "tell(await attempt(() => new LockFile(args[0]).getOwnerPid()));";
    expect(await inChild(script, withoutProc(file))).toMatchObject({ code: "LOCK_STAMP_GARBLED" });
  });

  it.each(["acquire", "acquireSync"])("%s waits for a holder all the same", async (op) => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const script = `
      const lock = new LockFile(args[0]);
      const early = await attempt(() => lock.${op}({ timeout: 150 }));
      fs.writeFileSync(args[1] + "/tried", "");
      tell({ early: early.code, late: await attempt(() => lock.${op}({ timeout: 20_000 })) });
    `;
    const directory = temporaryDirectory();
    const seen = inChild(script, withoutProc(file, directory));
    await until("it has tried", () => existsSync(join(directory, "tried")));
    await holder.release([file]);
    expect(await seen).toEqual({ early: "LOCK_TIMEOUT", late: { value: true } });
  });

  it("a contender waits for its own thread, and a free file is swept", async () => {
    const directory = temporaryDirectory();
    const script = `
      const first = new barman.GlobalCronLock(args[0]);
      const second = new barman.GlobalCronLock(args[0]);
      await first.acquire();
      const late = second.acquire({ wait: true });
      // Longer than a thread passes the lock on.
      setTimeout(() => first.release(), 50);
      const taken = await late;
      second.release();
      const { removed } = await barman.barman.sweep(args[0]);
      tell({ taken, removed: removed.length });
    `;
    expect(await inChild(script, withoutProc(directory))).toEqual({ taken: true, removed: 1 });
  });
});
