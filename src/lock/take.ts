import { performance } from "../clock.js";
import { LockFileUnsafe } from "../errors.js";
import type { Terms } from "../options.js";
import { lockExclusive, lockShared, triesAreSlow, unlock } from "../system/flock.js";
import { makingOf } from "../system/group.js";
import {
  closeQuietly,
  identityAt,
  identityOf,
  isSame,
  type OpenFile,
  openToLock,
  openToShare,
  statusOf,
} from "../system/open-file.js";
import { sleepSync } from "../system/sleep.js";
import { visible } from "../text.js";
import { type Hold, keep } from "./held.js";
import { warnIfUnreliable } from "./reliability.js";
import { provenSharers } from "./sharers.js";
import { type Written, writeShare, writeStamp } from "./stamp.js";

/** What a hold is to be like. */
export type Manner = Pick<Terms, "kind" | "mode" | "updatePid" | "overwritesLine" | "rights">;

/** Opens the file of a lock, to hold it in this manner. */
export function openFor({ mode, rights }: Manner, path: string): OpenFile {
  const making = rights && makingOf(path, rights);
  return mode === "shared" ? openToShare(path, making) : openToLock(path, making);
}

/**
 * Tries to take the lock, once: opens the file, locks it, and makes sure that it still is the file at
 * the path. Does not wait.
 *
 * @param lock How the open file is locked.
 * @param since Since when (ms, monotonic) this thread has had the lock, if it succeeds a hold of its own; else null.
 * @returns null if someone else holds the lock.
 * @throws what opening throws.
 */
export function tryTake(
  path: string,
  manner: Manner,
  lock: (fd: number) => boolean,
  since: number | null = null,
): Hold | null {
  for (let tries = 0; tries < TRIES_TO_FIND_IT; tries++) {
    const file = openFor(manner, path);
    let hold: Hold | null | undefined;
    try {
      if (!lock(file.fd)) return null;
      hold = confirm(file, manner, since);
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
 * that is all that is in the way, it can be had too, and the exclusive lock is tried again, for at most 2 ms.
 *
 * @returns "shared" if somebody shares the lock still, so that it is held, or inspected by a process that has lost
 *   its processor in the middle: `Sharers` tells.
 */
export function lockUnlessHeld(fd: number): boolean | "shared" {
  if (lockExclusive(fd)) return true;
  const end = performance.now() + LOOKS_LAST_MS;
  for (let tries = 1; ; tries++) {
    if (!lockShared(fd)) return false;
    if (tries % TRIES_BEFORE_SLEEP === 1 && provenSharers(fd).length > 0) {
      unlock(fd);
      return false;
    }
    if (lockExclusive(fd)) return true;
    // Release and add jitter, so that two contenders that test each other cannot livelock.
    unlock(fd);
    if (tries % TRIES_BEFORE_SLEEP !== 0 && !triesAreSlow()) continue;
    if (performance.now() >= end) return "shared";
    sleepSync(LONGEST_SLEEP_MS * Math.random());
  }
}

/**
 * Makes a locked file a hold: stamps it, unless it is no longer the file at the path (someone swept it
 * away or replaced it), in which case the lock excludes nobody.
 *
 * The path is what tells. The number of links does not: a snapshot by `cp -al` may have given the file a second one,
 * so that one is left when its path is gone, and some file systems rename an open file that is unlinked.
 *
 * @param since As for {@link tryTake}.
 * @returns null if the caller must close the file and start over.
 */
export function confirm(
  file: OpenFile,
  { kind, mode, updatePid, overwritesLine }: Manner,
  since: number | null,
): Hold | null {
  const status = statusOf(file);
  const identity = identityOf(file, status);
  const there = identityAt(file.path);
  if (there === null || !isSame(there, identity)) return null;
  warnIfUnreliable(file.path, identity);
  const { fd } = file;
  let stamp: Written | null = null;
  if (updatePid && mode === "shared") stamp = writeShare(fd, status.size);
  else if (updatePid) stamp = writeStamp(fd, status.size, overwritesLine);
  const taken = performance.now();
  return keep({ file, identity, kind, mode, stamp, overwritesLine, taken, since });
}

/** How long (ms) shared locks in the way are taken for inspections, some microseconds each, without asking further. */
const LOOKS_LAST_MS = 2;
const TRIES_BEFORE_SLEEP = 8;
const LONGEST_SLEEP_MS = 0.2;

/** A sweeper may be faster once or twice; a hundred times in a row, it is the file system. */
const TRIES_TO_FIND_IT = 100;
