import { performance } from "../clock.js";
import { type Identity, identityOf } from "../system/open-file.js";
import { type LockTable, tableNameOf } from "../system/proc-locks.js";
import {
  hasEnded,
  isInspecting,
  isRunning,
  isSharing,
  lockersOf,
  processorTimeOf,
  sharesBy,
} from "../system/process.js";
import { isHeldAgainst } from "./held.js";
import { readShares } from "./stamp.js";

/**
 * The processes that share the lock of an open file and have said so in it, each with a proof by the system: it has
 * the lock by the descriptor that it has written down. Takes some microseconds for each.
 */
export function provenSharers(fd: number, file?: Identity): number[] {
  const shares = readShares(fd);
  if (shares.length === 0) return [];
  const identity = file ?? identityOf({ fd });
  // A contender that tries shares the lock itself.
  const others = shares.filter((share) => share.fd !== fd || share.pid !== process.pid);
  return others.filter((share) => sharesBy(share.pid, share.fd, identity)).map(({ pid }) => pid);
}

/**
 * Tells who shares a lock for good, as `flock -s` does, from who is in the middle of a look: a look takes some
 * microseconds of processor time and never sleeps. So a process that sleeps or is stopped holds the lock, and so does
 * one that has computed for a millisecond since it was seen first, unless it has opened the file to look at it; one that
 * waits for a processor may be looking. What it has written into the file, and how it has opened it, tell at once.
 */
export class Sharers {
  readonly #start = performance.now();
  /** By PID: its processor time (ms) when it was seen first. */
  readonly #seen = new Map<number, number>();
  /** Those that have ended, and of whose lock nothing was seen but in the kernel's table. */
  readonly #unseen = new Set<number>();

  /**
   * @param table The kernel's table, read just now.
   * @returns whether somebody holds the lock; null if it takes another try.
   */
  judge(fd: number, table: LockTable | null): boolean | null {
    if (table === null || performance.now() - this.#start > LONGEST_LOOK_MS) return true;
    const pids = table.sharersOf(tableNameOf({ fd }));
    const file = identityOf({ fd });
    if (isHeldAgainst({ fd }, file, "exclusive")) return true;
    const marked = new Set(readShares(fd).map(({ pid }) => pid));
    const holds = (pid: number): boolean => {
      // Also of another user's process, which cannot be asked.
      if (marked.has(pid) || (pid > 0 && isSharing(pid, file))) return true;
      const first = this.#seen.get(pid);
      const now = processorTimeOf(pid);
      this.#seen.set(pid, first ?? now);
      if (first === undefined) return false;
      // Of another PID namespace: it cannot be asked, and is still there.
      if (pid <= 0) return true;
      // One that has ended took the lock for another process: for a look, or as `flock -s 9` in a shell does for its script.
      if (!isRunning(pid)) return !hasEnded(pid) || this.#isHeldBy(pid, file);
      // One that looks all the time may be met in another look each time.
      return now - first > LOOKS_COMPUTE_MS && !isInspecting(pid, file);
    };
    return pids.some(holds) ? true : null;
  }

  /** Whether the lock that a process which has ended took is held, and not for a look or a try. */
  #isHeldBy(pid: number, file: Identity): boolean {
    const sharers = lockersOf(file).filter(({ lock }) => lock === "shared");
    if (sharers.length > 0) return sharers.some((sharer) => isSharing(sharer.pid, file));
    // Nobody shares it any more, or one who may not be asked, and then it is met again.
    if (this.#unseen.has(pid)) return true;
    this.#unseen.add(pid);
    return false;
  }
}

/** More processor time (ms) than any look takes. */
const LOOKS_COMPUTE_MS = 1;

/** Whoever shares the lock for so long (ms), without a processor, keeps it from others like a holder. */
const LONGEST_LOOK_MS = 1000;
