import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ServerBackupIdLock } from "../../generated/index.js";
import {
  LockFile,
  LockFileBusy,
  LockFileDeadlock,
  LockFileException,
  LockFileNameError,
  LockFileNativeMissing,
  LockFileParsingError,
  LockFilePermissionDenied,
  LockFileTimeout,
  LockFileUnsafe,
  LockLost,
  LockReleased,
} from "../../src/index.js";
import { canHavePids, inChild } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { expectHelpful } from "./helpful.js";

const LOCK = 'ServerBackupIdLock (serverName "pg-main", backupId "20260101T120000")';

function lockIn(directory: string): ServerBackupIdLock {
  return new ServerBackupIdLock(directory, "pg-main", "20260101T120000");
}

/** What a call throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("an error", () => {
  let peer: Peer;
  beforeAll(() => {
    peer = Peer.ours({ untilTestFinishes: false });
  });
  afterAll(() => peer.kill());

  /** A lock that another process holds. */
  async function busy(options?: object): Promise<ServerBackupIdLock> {
    const lock = lockIn(temporaryDirectory());
    await peer.acquire([lock.filename], options);
    return lock;
  }

  it.each([
    [LockFileBusy, "LockFileBusy", "LOCK_BUSY", LockFileException],
    [LockFileTimeout, "LockFileTimeout", "LOCK_TIMEOUT", LockFileBusy],
    [LockFileDeadlock, "LockFileDeadlock", "LOCK_DEADLOCK", LockFileBusy],
    [
      LockFilePermissionDenied,
      "LockFilePermissionDenied",
      "LOCK_PERMISSION_DENIED",
      LockFileException,
    ],
    [LockFileParsingError, "LockFileParsingError", "LOCK_STAMP_GARBLED", LockFileException],
    [LockFileNameError, "LockFileNameError", "LOCK_NAME_INVALID", LockFileException],
    [LockFileUnsafe, "LockFileUnsafe", "LOCK_UNSAFE", LockFileException],
    [LockLost, "LockLost", "LOCK_LOST", LockFileException],
    [LockReleased, "LockReleased", "LOCK_RELEASED", LockFileException],
    [LockFileNativeMissing, "LockFileNativeMissing", "LOCK_NATIVE_MISSING", LockFileException],
    [LockFileException, "LockFileException", "LOCK_FAILED", Error],
  ] as const)("%o has name %s, code %s, and its path and cause", (Class, name, code, Parent) => {
    const cause = new Error("the system's own");
    const error = new Class("What happened.", "/locks/x.lock", cause);
    expect(error).toBeInstanceOf(Parent);
    expect(error).toMatchObject({ name, code, path: "/locks/x.lock", cause });
    expect(Class.CODE).toBe(code);
    expect("cause" in new Class("What happened.", "/locks/x.lock")).toBe(false);
    // The message leads to what the documents say of the code.
    const heading = code.toLowerCase();
    const { homepage } = JSON.parse(readFileSync("package.json", "utf8"));
    const page = homepage.replace("#readme", "/blob/main/docs/errors.md");
    const message = `What happened. See ${page}#${heading}.`;
    expect(String(error)).toBe(`${name}: ${message}`);
    expect(readFileSync("docs/errors.md", "utf8")).toMatch(
      new RegExp(`^## ${code}\n\n\`${name}\``, "m"),
    );
  });

  it("LockFileBusy names lock, file and holder, and says how to wait", async () => {
    const lock = await busy();
    const error = await lock.acquire().catch((caught) => caught);
    const says = [new RegExp(`held by PID ${peer.pid}\\. `), /wait: true/];
    const help = { name: "LockFileBusy", code: "LOCK_BUSY", path: lock.filename, lock: LOCK, says };
    expectHelpful(error, help);
    expectHelpful(
      thrownBy(() => lock.acquireSync()),
      help,
    );
    expect(error).toBeInstanceOf(LockFileBusy);
  });

  it("LockFileBusy and LockFileTimeout have the holder, and print no command line, where passwords may stand", async () => {
    const lock = await busy();
    for (const options of [{}, { timeout: 5 }]) {
      const error = await lock.acquire(options).catch((caught) => caught);
      expect(error.holder).toEqual({
        pid: peer.pid,
        command: expect.stringContaining("our_peer.mjs"),
        started: expect.any(Date),
        since: expect.any(Date),
      });
      expect(Math.abs(Date.now() - error.holder.since)).toBeLessThan(60_000);
      for (const printed of [inspect(error), String(error), JSON.stringify(error)]) {
        expect(printed).not.toContain("our_peer");
      }
    }
    using own = new LockFile(join(temporaryDirectory(), "x.lock"));
    own.acquireSync();
    const again = thrownBy(() => new LockFile(own.filename).acquireSync());
    expect(again).toMatchObject({ message: expect.stringContaining("held by this very process.") });
    expect((again as LockFileBusy).holder?.pid).toBe(process.pid);
    expect(new LockFileBusy("What happened.", "/locks/x.lock").holder).toBe(null);
  });

  it("LockFileTimeout names lock, file and holder, and says how long it waited", async () => {
    const lock = await busy();
    const error = await lock.acquire({ timeout: 5 }).catch((caught) => caught);
    const help = {
      name: "LockFileTimeout",
      code: "LOCK_TIMEOUT",
      path: lock.filename,
      lock: LOCK,
      says: [
        new RegExp(`held by PID ${peer.pid}\\. `),
        /after \d+ ms/,
        /makes progress, or wait longer/,
      ],
    };
    expectHelpful(error, help);
    expectHelpful(
      thrownBy(() => lock.acquireSync({ timeout: 5 })),
      help,
    );
    expect(error).toBeInstanceOf(LockFileTimeout);
  });

  it("LockFileDeadlock is a synchronous wait for a lock of this thread, and says what to release", () => {
    const lock = lockIn(temporaryDirectory());
    using holder = lockIn(join(lock.filename, ".."));
    holder.acquireSync();
    const error = thrownBy(() => lock.acquireSync({ wait: true }));
    expectHelpful(error, {
      name: "LockFileDeadlock",
      code: "LOCK_DEADLOCK",
      path: lock.filename,
      lock: LOCK,
      says: [/another LockFile object of this thread/, /Release that one first/],
    });
    expect(error).toBeInstanceOf(LockFileDeadlock);
    expect(lock.acquireSync({ wait: true, raiseIfFail: false })).toBe(false);
  });

  it.skipIf(!canHavePids)(
    "LockFileParsingError names lock and file, and says how to find the holder",
    async () => {
      const lock = lockIn(temporaryDirectory());
      writeFileSync(lock.filename, "garbled\n");
      await peer.acquire([lock.filename], { updatePid: false });
      const script = `
        const lock = new barman.ServerBackupIdLock(args[0], "pg-main", "20260101T120000");
        tell(await attempt(() => lock.getOwnerPid()));
      `;
      // It does not see the processes out here.
      const seen = await inChild(script, { args: [dirname(lock.filename)], ownPids: true });
      expectHelpful(seen, {
        name: "LockFileParsingError",
        code: "LOCK_STAMP_GARBLED",
        path: lock.filename,
        lock: LOCK,
        says: [/first line is not its holder's PID/, /fuser/],
      });
    },
  );

  it("LockFileNameError names kind, template and value, and says what is wrong with it", () => {
    const error = thrownBy(() => new ServerBackupIdLock("/locks", "a/b", "20260101T120000"));
    expectHelpful(error, {
      name: "LockFileNameError",
      code: "LOCK_NAME_INVALID",
      path: "/locks/.{serverName}-{backupId}.lock",
      file: ".{serverName}-{backupId}.lock",
      lock: "ServerBackupIdLock",
      says: [/serverName "a\/b" holds a "\/"/, /another directory/],
    });
    expect(error).toBeInstanceOf(LockFileNameError);
  });

  it("LockFileUnsafe names lock and file, what it is instead, and the system's reason", async () => {
    const lock = lockIn(temporaryDirectory());
    symlinkSync("/etc/passwd", lock.filename);
    const error = await lock.acquire().catch((caught) => caught);
    expectHelpful(error, {
      name: "LockFileUnsafe",
      code: "LOCK_UNSAFE",
      path: lock.filename,
      lock: LOCK,
      says: [/a symbolic link, not a regular file/, /Find out who put it there/],
    });
    expect(error).toBeInstanceOf(LockFileUnsafe);
    expect(error.cause).toMatchObject({ code: "ELOOP", syscall: "open" });
  });

  it("of the system arrives as it is, with its path", async () => {
    const lock = new LockFile(join(temporaryDirectory(), "no-such-directory", "x.lock"));
    const error = { code: "ENOENT", syscall: "open", path: lock.filename };
    await expect(lock.acquire()).rejects.toMatchObject(error);
    await expect(lock.acquire()).rejects.not.toBeInstanceOf(LockFileException);
    expect(thrownBy(() => lock.acquireSync())).toMatchObject(error);
    await expect(lock.withLock(() => "never")).rejects.toMatchObject(error);
  });

  it("with raiseIfFail: false is false if someone else has the lock", async () => {
    const lock = new LockFile((await busy()).filename, { raiseIfFail: false });
    expect(await lock.acquire()).toBe(false);
    expect(await lock.acquire({ timeout: 5 })).toBe(false);
    expect(lock.acquireSync()).toBe(false);
    expect(lock.acquireSync({ timeout: 5 })).toBe(false);
    expect(await lock.withLock((locked) => locked)).toBe(false);
    expect(lock.held).toBe(false);
  });

  // A cron job whose lock directory is missing must not be skipped for ever.
  it.each([
    ["a directory", "", "LOCK_UNSAFE", /is a directory, not a regular file/],
    ["a symbolic link", "link.lock", "LOCK_UNSAFE", /is a symbolic link, not a regular file/],
    ["a FIFO", "fifo.lock", "LOCK_UNSAFE", /is a FIFO, not a regular file/],
    [
      "no directory",
      "nowhere/x.lock",
      "ENOENT",
      /directory \S+\/nowhere does not exist: create it/,
    ],
    ["a file on the way", "file/x.lock", "ENOTDIR", /not a directory: name a lock directory/],
    ["a loop of links on the way", "loop/x.lock", "ELOOP", /lead in a circle/],
    ["too long a name", "n".repeat(256), "ENAMETOOLONG", /too long: choose/],
  ] as const)("with raiseIfFail: false is thrown for %s", async (_what, name, code, says) => {
    const directory = temporaryDirectory();
    symlinkSync("nowhere", join(directory, "link.lock"));
    symlinkSync("loop", join(directory, "loop"));
    spawnSync("mkfifo", [join(directory, "fifo.lock")]);
    writeFileSync(join(directory, "file"), "");
    const lock = new LockFile(`${directory}/${name}`, { raiseIfFail: false });
    const expected = { code, path: lock.filename, message: expect.stringMatching(says) };
    await expect(lock.acquire()).rejects.toMatchObject(expected);
    await expect(lock.acquire({ timeout: 5 })).rejects.toMatchObject(expected);
    expect(thrownBy(() => lock.acquireSync())).toMatchObject(expected);
    expect(thrownBy(() => lock.acquireSync({ timeout: 5 }))).toMatchObject(expected);
    await expect(lock.withLock((locked) => locked)).rejects.toMatchObject(expected);
    expect(lock.held).toBe(false);
  });

  it("shows a path that holds control characters in one line", async () => {
    const file = join(temporaryDirectory(), "line\nbreak\u009b.lock");
    const holder = new LockFile(file);
    await holder.acquire();
    const error = await new LockFile(file).acquire().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "LOCK_BUSY", path: file });
    expect(String(error)).toContain("line\\nbreak\\x9b.lock is held by");
    holder.release();
  });
});
