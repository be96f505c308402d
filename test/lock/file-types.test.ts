import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile, type LockFileException, LockFileUnsafe } from "../../src/index.js";
import { within } from "../support/bounded.js";
import { isRoot } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { DANGEROUS } from "./helpful.js";

/** That every way to take or look at what is at a path says what it is, and leaves it alone. */
async function expectUnsafe(file: string, what: RegExp): Promise<void> {
  const before = lstatSync(file, { bigint: true });
  const lock = new LockFile(file);
  const help = { name: "LockFileUnsafe", code: "LOCK_UNSAFE", path: file };
  const error: LockFileException = await within(20_000, "acquire", caught(lock.acquire()));
  expect(error).toBeInstanceOf(LockFileUnsafe);
  expect(error).toMatchObject(help);
  expect(error.message).toContain(file);
  expect(error.message).toMatch(what);
  expect(error.message).not.toMatch(DANGEROUS);
  const waited = await within(20_000, "a wait", caught(lock.acquire({ timeout: 10_000 })));
  expect(waited).toMatchObject(help);
  expect(() => lock.acquireSync()).toThrow(expect.objectContaining(help));
  expect(() => lock.acquireSync({ wait: true })).toThrow(expect.objectContaining(help));
  expect(() => lock.getOwnerPid()).toThrow(expect.objectContaining(help));
  // A job that could never run must not be skipped in silence.
  expect(await caught(lock.acquire({ raiseIfFail: false }))).toMatchObject(help);
  expect(lock.held).toBe(false);
  const after = lstatSync(file, { bigint: true });
  expect([after.ino, after.mode, after.size]).toEqual([before.ino, before.mode, before.size]);
}

async function caught(promise: Promise<unknown>): Promise<LockFileException> {
  return promise.then(
    () => Promise.reject(new Error("nothing was thrown")),
    (error) => error,
  );
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args);
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

describe("what is not a regular file is never locked, and never changed", () => {
  it("a symbolic link to a file", async () => {
    const directory = temporaryDirectory();
    const target = join(directory, "precious");
    writeFileSync(target, "precious\n");
    symlinkSync("precious", join(directory, "x.lock"));
    await expectUnsafe(join(directory, "x.lock"), /is a symbolic link/);
    expect(readFileSync(target, "latin1")).toBe("precious\n");
    // The file itself was never locked: by its own name it is free.
    expect(new LockFile(target).acquireSync({ updatePid: false })).toBe(true);
  });

  it("a symbolic link to nothing, which makes nothing", async () => {
    const directory = temporaryDirectory();
    symlinkSync("nothing", join(directory, "x.lock"));
    await expectUnsafe(join(directory, "x.lock"), /is a symbolic link/);
    expect(readdirSync(directory)).toEqual(["x.lock"]);
  });

  it("a symbolic link in a loop", async () => {
    const directory = temporaryDirectory();
    symlinkSync("y.lock", join(directory, "x.lock"));
    symlinkSync("x.lock", join(directory, "y.lock"));
    await expectUnsafe(join(directory, "x.lock"), /is a symbolic link/);
  });

  it("a symbolic link to a directory", async () => {
    const directory = temporaryDirectory();
    symlinkSync(".", join(directory, "x.lock"));
    await expectUnsafe(join(directory, "x.lock"), /is a symbolic link/);
  });

  it("a directory", async () => {
    const file = temporaryLock();
    mkdirSync(file);
    await expectUnsafe(file, /is a directory/);
    expect(readdirSync(file)).toEqual([]);
  });

  it("a FIFO, on which nothing hangs", async () => {
    const file = temporaryLock();
    run("mkfifo", file);
    await expectUnsafe(file, /is a FIFO/);
  });

  it("a socket", async () => {
    const file = temporaryLock();
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(file, resolve));
    await expectUnsafe(file, /is a socket/);
  });

  it("a device", async () => {
    await expectUnsafe("/dev/null", /is a device/);
  });

  it.skipIf(!isRoot)("a device that has no driver", async () => {
    const file = temporaryLock();
    run("mknod", file, "b", "240", "99");
    await expectUnsafe(file, /device/);
  });
});

describe("a path", () => {
  it("may go through a symbolic link to its directory: both names are one lock", () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "real"));
    symlinkSync("real", join(directory, "link"));
    using one = new LockFile(join(directory, "real", "x.lock"));
    using other = new LockFile(join(directory, "link", "x.lock"));
    expect(one.acquireSync()).toBe(true);
    expect(other.getOwnerPid()).toBe(process.pid);
    expect(other.acquireSync({ raiseIfFail: false })).toBe(false);
    expect(() => other.acquireSync({ wait: true })).toThrow(
      expect.objectContaining({ code: "LOCK_DEADLOCK" }),
    );
  });

  it("through a file is the system's own error, with the path", async () => {
    const file = temporaryLock();
    writeFileSync(file, "");
    const lock = new LockFile(join(file, "y.lock"));
    const error = { code: "ENOTDIR", path: lock.filename };
    await expect(lock.acquire()).rejects.toMatchObject(error);
    expect(() => lock.getOwnerPid()).toThrow(expect.objectContaining(error));
  });

  it("to a directory that is not there is free to look at, and the system's own error to take", async () => {
    const lock = new LockFile(join(temporaryDirectory(), "no", "x.lock"));
    expect(lock.getOwnerPid()).toBe(null);
    await expect(lock.acquire()).rejects.toMatchObject({ code: "ENOENT", path: lock.filename });
    await expect(lock.acquire({ wait: true })).rejects.toMatchObject({ code: "ENOENT" });
  });
});
