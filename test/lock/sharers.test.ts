import { closeSync, constants, openSync, writeFileSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import { performance } from "../../src/clock.js";
import { Sharers } from "../../src/lock/take.js";
import { lockShared } from "../../src/system/flock.js";
import { closeQuietly, openToInspect } from "../../src/system/open-file.js";
import { readLockTableSync } from "../../src/system/proc-locks.js";
import { processorTimeOf } from "../../src/system/process.js";
import { temporaryLock } from "../support/directory.js";

/** What a contender says of this process, which has locked the file by a descriptor and computes on. */
function judged(file: string, fd: number): boolean | null {
  // However long the machine keeps us waiting.
  const now = vi.spyOn(performance, "now").mockReturnValue(performance.now());
  onTestFinished(() => now.mockRestore());
  expect(lockShared(fd)).toBe(true);
  const own = openSync(file, "r");
  onTestFinished(() => closeSync(own));
  const sharers = new Sharers();
  expect(sharers.judge(own, readLockTableSync())).toBe(null);
  const start = processorTimeOf(process.pid);
  while (processorTimeOf(process.pid) - start < 5);
  return sharers.judge(own, readLockTableSync());
}

it("who looks again and again, and is met in a look each time, is no holder", () => {
  const file = temporaryLock();
  writeFileSync(file, "");
  const look = openToInspect(file);
  if (look === null) throw new Error("it is there");
  onTestFinished(() => closeQuietly(look.fd));
  expect(judged(file, look.fd)).toBe(null);
});

it("who shares a lock and computes is a holder", () => {
  const file = temporaryLock();
  writeFileSync(file, "");
  // As flock(1) opens.
  const fd = openSync(file, constants.O_RDONLY | constants.O_CREAT | constants.O_NOCTTY);
  onTestFinished(() => closeSync(fd));
  expect(judged(file, fd)).toBe(true);
});
