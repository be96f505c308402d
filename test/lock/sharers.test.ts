import { spawn } from "node:child_process";
import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import { performance } from "../../src/clock.js";
import { Sharers } from "../../src/lock/sharers.js";
import { lockShared } from "../../src/system/flock.js";
import { flockByProgram } from "../../src/system/flock-program.js";
import { closeQuietly, openToInspect, openToLock } from "../../src/system/open-file.js";
import { readLockTableSync } from "../../src/system/proc-locks.js";
import { processorTimeOf } from "../../src/system/process.js";
import { temporaryLock } from "../support/directory.js";

/** What a contender says of this process, which shares the lock of a file: at first sight, and when it has computed on. */
function judged(file: string, fd: number): (boolean | null)[] {
  // However long the machine keeps us waiting.
  const now = vi.spyOn(performance, "now").mockReturnValue(performance.now());
  onTestFinished(() => now.mockRestore());
  expect(lockShared(fd)).toBe(true);
  const own = openSync(file, "r");
  onTestFinished(() => closeSync(own));
  const sharers = new Sharers();
  const first = sharers.judge(own, readLockTableSync());
  const start = processorTimeOf(process.pid);
  while (processorTimeOf(process.pid) - start < 5);
  return [first, sharers.judge(own, readLockTableSync())];
}

/** A file, and a descriptor of it that is closed when the test ends. */
function opened(open: (file: string) => number | undefined): [file: string, fd: number] {
  const file = temporaryLock();
  writeFileSync(file, "");
  const fd = open(file);
  if (fd === undefined) throw new Error("it is there");
  onTestFinished(() => closeQuietly(fd));
  return [file, fd];
}

it("who looks again and again, and is met in a look each time, is no holder", () => {
  expect(judged(...opened((file) => openToInspect(file)?.fd))).toEqual([null, null]);
});

it("who opens a file to lock it may try, until it has computed longer than a try lasts", () => {
  expect(judged(...opened((file) => openToLock(file, null).fd))).toEqual([null, true]);
});

it("who opens it otherwise, as flock(1) does, is a holder at first sight", () => {
  const flags = constants.O_RDONLY | constants.O_CREAT | constants.O_NOCTTY;
  expect(judged(...opened((file) => openSync(file, flags)))).toEqual([true, true]);
});

it("who may only read the file, and opens it to share its lock, is a holder at first sight", () => {
  const flags =
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_APPEND;
  expect(judged(...opened((file) => openSync(file, flags)))).toEqual([true, true]);
});

it("who has written down that it shares the lock is one, also if it cannot be asked", () => {
  const [file, fd] = opened((path) => openToLock(path, null).fd);
  expect(lockShared(fd)).toBe(true);
  writeFileSync(file, `${process.pid} ${fd + 1000}\n`);
  expect(judged(file, fd)).toEqual([true, true]);
});

/** What is said, at first sight and later, of a lock that a program has taken for a shell which has opened its file so. */
async function judgedOfShell(redirection: string): Promise<(boolean | null)[]> {
  const file = temporaryLock();
  writeFileSync(file, "");
  const script = `exec 9${redirection}"$0"; flock -s 9; echo shared; read end`;
  const shell = spawn("sh", ["-c", script, file], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void shell.kill("SIGKILL"));
  await new Promise((resolve) => shell.stdout.once("data", resolve));
  const own = openSync(file, "r");
  onTestFinished(() => closeSync(own));
  const sharers = new Sharers();
  return [1, 2].map(() => sharers.judge(own, readLockTableSync()));
}

it.each(["<", "<>"])(
  "a shell that shares the lock by `flock -s 9` and 9%s is a holder",
  async (how) => {
    expect((await judgedOfShell(how)).at(-1)).toBe(true);
  },
);

it("who looks through a program is no holder, though that has ended", () => {
  const [file, fd] = opened((path) => openToInspect(path)?.fd);
  expect(flockByProgram("/usr/bin/flock", fd, "shared")).toBe(true);
  const own = openSync(file, "r");
  onTestFinished(() => closeSync(own));
  const now = vi.spyOn(performance, "now").mockReturnValue(performance.now());
  onTestFinished(() => now.mockRestore());
  const sharers = new Sharers();
  expect([1, 2, 3].map(() => sharers.judge(own, readLockTableSync()))).toEqual([null, null, null]);
});
