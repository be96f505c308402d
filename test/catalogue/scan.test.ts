import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { barman, type Lock, ServerBackupLock } from "../../generated/index.js";
import { LockFile, type ScanEntry } from "../../src/index.js";
import { canHavePids, inChild, nobodyReads } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { hasBarman, Peer } from "../support/peer.js";
import { helperWaits } from "../support/script.js";

/** The one file of a directory. */
async function only(directory: string): Promise<ScanEntry<Lock>> {
  const [seen, ...more] = await barman.scan(directory);
  expect(more).toEqual([]);
  if (seen === undefined) throw new Error(`nothing in ${directory}`);
  return seen;
}

describe("a scan", () => {
  it("names every lock file with its kind, and those of others as unknown, sorted by name", async () => {
    const directory = temporaryDirectory();
    for (const name of [".main-backup.lock", ".cron.lock", "other.lock", ".lock", "notes.txt"]) {
      writeFileSync(join(directory, name), "");
    }
    const seen = await barman.scan(directory);
    expect(seen.map(({ path, lock }) => [path, lock?.kind ?? null])).toEqual([
      [join(directory, ".cron.lock"), "GlobalCronLock"],
      [join(directory, ".lock"), null],
      [join(directory, ".main-backup.lock"), "ServerBackupLock"],
      [join(directory, "other.lock"), null],
    ]);
    const lock = seen[2]?.lock;
    // Typed: the union narrows by kind.
    expect(lock?.kind === "ServerBackupLock" && lock.serverName).toBe("main");
  });

  it("tells a free lock from one that this process holds, and from one of another process", async () => {
    const directory = temporaryDirectory();
    const lock = new ServerBackupLock(directory, "main");
    const before = Date.now();
    lock.acquireSync();
    const mine = await only(directory);
    expect(mine).toMatchObject({
      state: "held",
      holder: { pid: process.pid, command: expect.stringContaining("node") },
    });
    if (mine.state !== "held") throw new Error("not held");
    // The clock of the file system is a few ms late.
    expect(mine.since?.getTime()).toBeGreaterThan(before - 1000);
    expect(mine.since?.getTime()).toBeLessThanOrEqual(Date.now());
    const start = Date.now() - process.uptime() * 1000;
    expect(Math.abs((mine.holder.started?.getTime() ?? 0) - start)).toBeLessThan(5000);
    lock.release();
    expect(await only(directory)).toMatchObject({ state: "free" });
    const other = Peer.ours();
    await other.acquire(["ServerBackupLock", directory, "main"]);
    expect(await only(directory)).toMatchObject({ state: "held", holder: { pid: other.pid } });
    await other.kill();
    // Its stamp is still there.
    expect(readFileSync(lock.filename, "latin1")).toBe(`${other.pid}\n`);
    expect(await only(directory)).toMatchObject({ state: "free" });
  });

  it.skipIf(!hasBarman)("names the Barman process that holds a lock", async () => {
    const directory = temporaryDirectory();
    const peer = Peer.barman();
    await peer.acquire(["ServerCronLock", directory, "main"]);
    expect(await only(directory)).toMatchObject({
      lock: { kind: "ServerCronLock", serverName: "main" },
      state: "held",
      holder: {
        pid: peer.pid,
        command: expect.stringContaining("/usr/bin/python3"),
        started: expect.any(Date),
      },
      since: expect.any(Date),
    });
  });

  it("names a holder whose lock was waited for, and so was taken by a helper that is gone", async () => {
    const directory = temporaryDirectory();
    using first = new ServerBackupLock(directory, "main");
    first.acquireSync();
    const second = Peer.ours();
    const late = second.acquire(["ServerBackupLock", directory, "main"], { timeout: 20_000 });
    await helperWaits(first.filename);
    first.release();
    expect(await late).toBe(true);
    expect(await only(directory)).toMatchObject({ state: "held", holder: { pid: second.pid } });
  });

  it("names the holder of a lock without a PID, which the kernel knows", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    const flock = await heldByFlock(file);
    expect(await only(directory)).toMatchObject({
      state: "held",
      holder: { pid: flock.pid, command: "sleep 60" },
      since: null,
    });
  });

  it.skipIf(!canHavePids)("says of a holder that it cannot see that it is unknown", async () => {
    const directory = temporaryDirectory();
    using lock = new LockFile(join(directory, ".cron.lock"));
    lock.acquireSync();
    const script =
      "tell((await barman.barman.scan(args[0])).map(({ state, taker }) => [state, taker]));";
    const seen = await inChild(script, { args: [directory], ownPids: true });
    expect(seen).toEqual([["held by unknown", null]]);
  });

  it("tells who shares a lock", async () => {
    const directory = temporaryDirectory();
    const flock = await heldByFlock(join(directory, ".cron.lock"), "-s");
    expect(await only(directory)).toMatchObject({
      state: "shared",
      holders: [{ pid: flock.pid, command: "sleep 60" }],
    });
  });

  it("calls what is not a regular file unsafe, opens none of it, and does not hang", async () => {
    const directory = temporaryDirectory();
    const at = (name: string): string => join(directory, name);
    mkdirSync(at("a.lock"));
    spawnSync("mkfifo", [at("b.lock")]);
    writeFileSync(at("target"), "");
    symlinkSync(at("target"), at("c.lock"));
    symlinkSync(at("nothing"), at("d.lock"));
    symlinkSync(at("e.lock"), at("e.lock"));
    const server = createServer().listen(at(".f-backup.lock"));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const seen = await barman.scan(directory);
    expect(seen.map((one) => ["reason" in one && one.reason, one.state])).toEqual([
      ["a socket", "unsafe"],
      ["a directory", "unsafe"],
      ["a FIFO", "unsafe"],
      ["a symbolic link", "unsafe"],
      ["a symbolic link", "unsafe"],
      ["a symbolic link", "unsafe"],
    ]);
  });

  it("lists a file whose name is not UTF-8, which cannot be opened by name", async () => {
    const directory = temporaryDirectory();
    writeFileSync(
      Buffer.concat([
        Buffer.from(`${directory}/.`),
        Buffer.from([0xff]),
        Buffer.from("-backup.lock"),
      ]),
      "",
    );
    expect(await only(directory)).toMatchObject({
      state: "unreadable",
      reason: expect.stringContaining("not UTF-8"),
    });
  });

  it.skipIf(!nobodyReads)("says of a file that it may not read that it cannot tell", async () => {
    const directory = temporaryDirectory();
    spawnSync("chmod", ["755", directory]);
    writeFileSync(join(directory, ".cron.lock"), "", { mode: 0o600 });
    writeFileSync(join(directory, ".main-cron.lock"), "", { mode: 0o666 });
    spawnSync("chmod", ["666", join(directory, ".main-cron.lock")]);
    spawnSync("chmod", ["000", join(directory, ".cron.lock")]);
    const seen = await inChild(
      "tell((await barman.barman.scan(args[0])).map(({ state, reason }) => [state, reason]))",
      { ordinaryUser: true, args: [directory] },
    );
    expect(seen).toEqual([
      ["unreadable", "no permission to read it (EACCES)"],
      ["free", null],
    ]);
  });

  it("of no directory fails with the system's error and its path", async () => {
    const directory = join(temporaryDirectory(), "none");
    await expect(barman.scan(directory)).rejects.toMatchObject({ code: "ENOENT", path: directory });
    await expect(barman.sweep(directory)).rejects.toMatchObject({
      code: "ENOENT",
      path: directory,
    });
    expect(await barman.scan(temporaryDirectory())).toEqual([]);
  });

  it("agrees with getOwnerPid about a stamp of a past holder", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    writeFileSync(file, "1\n");
    using lock = new LockFile(file);
    lock.acquireSync({ updatePid: false });
    // PID 1 lives, and has nothing to do with it: the kernel's table tells who took the lock.
    const other = new LockFile(file);
    expect(other.getOwnerPid()).toBe(process.pid);
    expect(await only(directory)).toMatchObject({
      state: "held",
      holder: { pid: process.pid },
      since: null,
    });
  });
});
