import { performance } from "../clock.js";
import { LockFileUnsafe } from "../errors.js";
import type { Terms } from "../options.js";
import { lockExclusive, lockShared, unlock } from "../system/flock.js";
import {
  closeQuietly,
  identityAt,
  identityOf,
  isSame,
  type OpenFile,
  openToLock,
  statusOf,
} from "../system/open-file.js";
import { type LockTable, tableNameOf } from "../system/proc-locks.js";
import { isInspecting, isRunning, processorTimeOf } from "../system/process.js";
import { sleepSync } from "../system/sleep.js";
import { visible } from "../text.js";
import { type Hold, keep } from "./held.js";
import { warnIfUnreliable } from "./reliability.js";
import { writeStamp } from "./stamp.js";

/** What a hold is to be like. */
export type Stamping = Pick<Terms, "updatePid" | "overwritesLine">;

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
  terms: Stamping,
  lock: (fd: number) => boolean,
  since: number | null = null,
): Hold | null {
  for (let tries = 0; tries < TRIES_TO_FIND_IT; tries++) {
    const file = openToLock(path);
    let hold: Hold | null | undefined;
    try {
      if (!lock(file.fd)) return null;
      hold = confirm(file, terms, since);
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
 *   its processor in the middle: {@link Sharers} tells.
 */
export function lockUnlessHeld(fd: number): boolean | "shared" {
  if (lockExclusive(fd)) return true;
  const end = performance.now() + LOOKS_LAST_MS;
  for (let tries = 1; ; tries++) {
    if (!lockShared(fd)) return false;
    if (lockExclusive(fd)) return true;
    // Release and add jitter, so that two contenders that test each other cannot livelock.
    unlock(fd);
    if (tries % TRIES_BEFORE_SLEEP !== 0) continue;
    if (performance.now() >= end) return "shared";
    sleepSync(LONGEST_SLEEP_MS * Math.random());
  }
}

/**
 * Tells who shares a lock for good, as `flock -s` does, from who is in the middle of a look: a look takes some
 * microseconds of processor time and never sleeps. So a process that sleeps or is stopped holds the lock, and so does
 * one that has computed for a millisecond since it was seen first, unless it has opened the file to look at it; one that
 * waits for a processor may be looking.
 */
export class Sharers {
  readonly #start = performance.now();
  /** By PID: its processor time (ms) when it was seen first. */
  readonly #seen = new Map<number, number>();

  /**
   * @param table The kernel's table, read just now.
   * @returns whether somebody holds the lock; null if it takes another try.
   */
  judge(fd: number, table: LockTable | null): boolean | null {
    if (table === null || performance.now() - this.#start > LONGEST_LOOK_MS) return true;
    const pids = table.sharersOf(tableNameOf({ fd }));
    const holds = (pid: number): boolean => {
      const first = this.#seen.get(pid);
      const now = processorTimeOf(pid);
      this.#seen.set(pid, first ?? now);
      if (first === undefined) return false;
      // Of another PID namespace: it cannot be asked, and is still there.
      if (pid <= 0 || !isRunning(pid)) return true;
      // One that looks all the time may be met in another look each time.
      return now - first > LOOKS_COMPUTE_MS && !isInspecting(pid, identityOf({ fd }));
    };
    return pids.some(holds) ? true : null;
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
  { updatePid, overwritesLine }: Stamping,
  since: number | null,
): Hold | null {
  const status = statusOf(file);
  const identity = identityOf(file, status);
  const there = identityAt(file.path);
  if (there === null || !isSame(there, identity)) return null;
  warnIfUnreliable(file.path, identity);
  const stamp = updatePid ? writeStamp(file.fd, status.size, overwritesLine) : null;
  return keep({ file, identity, stamp, overwritesLine, since });
}

/** How long (ms) shared locks in the way are taken for inspections, some microseconds each, without asking further. */
const LOOKS_LAST_MS = 2;
const TRIES_BEFORE_SLEEP = 8;
const LONGEST_SLEEP_MS = 0.2;

/** More processor time (ms) than any look takes. */
const LOOKS_COMPUTE_MS = 1;

/** Whoever shares the lock for so long (ms), without a processor, keeps it from others like a holder. */
const LONGEST_LOOK_MS = 1000;

/** A sweeper may be faster once or twice; a hundred times in a row, it is the file system. */
const TRIES_TO_FIND_IT = 100;
