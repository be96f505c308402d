import type { Stats } from "node:fs";
import { LockFileUnsafe } from "../errors.js";
import type { Terms } from "../options.js";
import { lockExclusive, lockShared, unlock } from "../system/flock.js";
import { closeQuietly, type OpenFile, openToLock, statusOf } from "../system/open-file.js";
import { readLockTableSync, tableNameOf } from "../system/proc-locks.js";
import { isRunning } from "../system/process.js";
import { sleepSync } from "../system/sleep.js";
import { visible } from "../text.js";
import { type Hold, keep } from "./held.js";
import { writeStamp } from "./stamp.js";
import { isStillAtPath } from "./still-at-path.js";

/** What a hold is to be like. */
export type Stamping = Pick<Terms, "updatePid" | "overwritesLine">;

/**
 * Tries to take the lock, once: opens the file, locks it, and makes sure that it still is the file at
 * the path. Does not wait.
 *
 * @param lock How the open file is locked. Whoever will try again anyway takes `lockExclusive`, which does not
 *   tell an inspection from a holder: contenders that test each other all the time are in each other's way.
 * @param since Since when (ms, monotonic) this thread has had the lock, if it succeeds a hold of its own.
 * @returns null if someone else holds the lock.
 * @throws what opening throws.
 */
export function tryTake(
  path: string,
  terms: Stamping,
  lock: (fd: number) => boolean = lockUnlessHeld,
  since?: number,
): Hold | null {
  for (let tries = 0; tries < TRIES_TO_FIND_IT; tries++) {
    const file = openToLock(path);
    let hold: Hold | null | undefined;
    try {
      const before = statusOf(file);
      if (!lock(file.fd)) return null;
      hold = confirm(file, terms, before, since);
      if (hold !== null) return hold;
    } finally {
      if (!hold) closeQuietly(file.fd);
    }
  }
  throw new LockFileUnsafe(
    `${visible(path)} is another file each time it is opened: its file system gives it no inode to go by. ` +
      "Choose a lock directory on a local file system.",
    path,
  );
}

/**
 * Locks an open file unless someone *holds* it. Inspecting a lock takes the shared lock for a few microseconds: if
 * that is all that is in the way, it can be had too, and the exclusive lock is tried again.
 */
export function lockUnlessHeld(fd: number): boolean {
  if (lockExclusive(fd)) return true;
  const start = performance.now();
  let shared = 0;
  for (let tries = 1; ; tries++) {
    if (!lockShared(fd)) return false;
    if (lockExclusive(fd)) return true;
    // Release and add jitter, so that two contenders that test each other cannot livelock.
    unlock(fd);
    if (tries % TRIES_BEFORE_SLEEP !== 0) continue;
    sleepSync(Math.random());
    const elapsed = performance.now() - start;
    if (elapsed > LOOKS_LAST_LONG_MS) return false;
    // Twice in a row: a process that inspects now and then may lose its processor between two lines of ours.
    shared = elapsed > LOOKS_LAST_MS && isShared(fd) ? shared + 1 : 0;
    if (shared === 2) return false;
  }
}

/** Whether somebody shares the lock of a file who is not in the middle of a look, waiting for a processor. */
function isShared(fd: number): boolean {
  const table = readLockTableSync();
  return table?.sharersOf(tableNameOf({ fd })).some((pid) => !isRunning(pid)) ?? true;
}

/**
 * Makes a locked file a hold: stamps it, unless it is no longer the file at the path (someone swept it
 * away or replaced it), in which case the lock excludes nobody.
 *
 * @param before Its status before it was locked; null if the lock was waited for.
 * @returns null if the caller must close the file and start over.
 */
export function confirm(
  file: OpenFile,
  { updatePid, overwritesLine }: Stamping,
  before: Stats | null,
  since?: number,
): Hold | null {
  const status = statusOf(file);
  if (!isStillAtPath(file, before, status)) return null;
  const stamped = updatePid && writeStamp(file.fd, status.size, overwritesLine);
  return keep({ file, stamped, dev: status.dev, ino: status.ino, since });
}

/**
 * How long (ms) shared locks in the way are taken for inspections: some microseconds each, but on a
 * machine with much to do a process may lose its processor in the middle. One that sleeps, or was stopped,
 * is not inspecting: it shares the lock for good, as `flock -s` does.
 */
const LOOKS_LAST_MS = 25;
const LOOKS_LAST_LONG_MS = 1000;
const TRIES_BEFORE_SLEEP = 8;

/** A sweeper may be faster once or twice; a hundred times in a row, it is the file system. */
const TRIES_TO_FIND_IT = 100;
