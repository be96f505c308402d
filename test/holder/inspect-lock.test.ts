import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { until } from "../support/bounded.js";
import { canMount, inChild, nobodyReads } from "../support/child.js";
import { temporaryLock } from "../support/directory.js";
import { hasCompiler, withFaults } from "../support/faulty-flock.js";
import { heldByFlock } from "../support/flock.js";
import { Peer } from "../support/peer.js";
import { waitersOn } from "../support/proc-locks.js";

describe("lock.inspect()", () => {
  it("tells that a lock is free, whether its file is there or not, and creates none", async () => {
    const file = temporaryLock();
    const lock = new LockFile(file);
    expect(await lock.inspect()).toEqual({ state: "free", waiters: [] });
    expect(existsSync(file)).toBe(false);
    lock.acquireSync();
    lock.release();
    expect(await lock.inspect()).toEqual({ state: "free", waiters: [] });
    expect(await new LockFile(join(dirname(file), "none", "x.lock")).inspect()).toEqual({
      state: "free",
      waiters: [],
    });
  });

  it("names this very process, also without a PID in the file, and the lock stays held", async () => {
    const file = temporaryLock();
    using lock = new LockFile(file);
    for (const updatePid of [true, false]) {
      lock.acquireSync({ updatePid });
      const seen = { state: "held", holder: { pid: process.pid }, waiters: [] };
      expect(await lock.inspect()).toMatchObject(seen);
      expect(await new LockFile(file).inspect()).toMatchObject(seen);
      expect(spawnSync("flock", ["-n", file, "true"]).status).toBe(1);
      lock.release();
    }
  });

  it("names another process, with its command, since when, and who waits in the kernel's queue", async () => {
    const file = temporaryLock();
    const peer = await Peer.holding(file);
    const lock = new LockFile(file);
    const waiter = Peer.ours();
    waiter.acquire([file], { timeout: 20_000 }).catch(() => {});
    await until("queued", () => waitersOn(file)?.length === 1);
    expect(await lock.inspect()).toEqual({
      state: "held",
      holder: {
        pid: peer.pid,
        command: expect.stringContaining("our_peer.mjs"),
        started: expect.any(Date),
      },
      since: expect.any(Date),
      waiters: [expect.objectContaining({ pid: waiter.pid })],
    });
    await peer.kill();
    await expect
      .poll(() => lock.inspect(), { timeout: 20_000 })
      .toMatchObject({ state: "held", holder: { pid: waiter.pid }, waiters: [] });
  });

  it("tells a lock that is shared from one that is held", async () => {
    const file = temporaryLock();
    const flock = await heldByFlock(file, "-s");
    expect(await new LockFile(file).inspect()).toMatchObject({
      state: "shared",
      holders: [{ pid: flock.pid, command: "sleep 60" }],
    });
  });

  it("calls what is no regular file unsafe", async () => {
    const file = temporaryLock();
    mkdirSync(file);
    expect(await new LockFile(file).inspect()).toMatchObject({
      state: "unsafe",
      reason: "a directory",
    });
  });

  it.skipIf(!nobodyReads)("names the holder of a file that this user may not read", async () => {
    const file = temporaryLock();
    chmodSync(dirname(file), 0o755);
    writeFileSync(file, "", { mode: 0o600 });
    const flock = await heldByFlock(file);
    chmodSync(file, 0o000);
    const seen = await inChild("tell(await new LockFile(args[0]).inspect())", {
      ordinaryUser: true,
      args: [file],
    });
    expect(seen).toMatchObject({
      state: "unreadable",
      reason: "no permission to read it (EACCES)",
      taker: { pid: flock.pid },
    });
  });

  // The table leaves lines out now and then, when many locks come and go while it is read.
  it.skipIf(!canMount || !hasCompiler)(
    "names the holder that the kernel's table leaves out, where the lock cannot be tried",
    async () => {
      const file = temporaryLock();
      const holder = await Peer.holding(file);
      const faults = withFaults({ errnos: [constants.errno.ENOLCK] }, file);
      const seen = await inChild("tell(await new LockFile(args[0]).inspect())", {
        ...faults,
        ownMounts: true,
        shell: `mount --bind /dev/null /proc/locks\n${faults.shell}`,
      });
      expect(seen).toMatchObject({ state: "held", holder: { pid: holder.pid } });
    },
  );

  // Such as those of FUSE file systems with 64-bit numbers.
  it("names the holder of a file whose number a double cannot hold", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const large = `
      import fs from "node:fs";
      for (const name of ["fstatSync", "lstatSync", "statSync"]) {
        const call = fs[name];
        fs[name] = (...args) => {
          const status = call(...args);
          if (status === undefined) return status;
          const ino = BigInt(status.ino) + 2n ** 60n;
          status.ino = typeof status.ino === "bigint" ? ino : Number(ino);
          return status;
        };
      }`;
    const seen = await inChild(
      `const lock = new LockFile(args[0]);
      tell({ owner: lock.getOwnerPid(), busy: await attempt(() => lock.acquire()) });`,
      {
        args: [file],
        nodeOptions: ["--import", `data:text/javascript,${encodeURIComponent(large)}`],
      },
    );
    expect(seen).toEqual({
      owner: holder.pid,
      busy: expect.objectContaining({
        code: "LOCK_BUSY",
        message: expect.stringContaining(`is held by PID ${holder.pid}. Try`),
      }),
    });
  });
});
