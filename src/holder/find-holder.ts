import { closeSync } from "node:fs";
import { LockFileParsingError } from "../errors.js";
import { readStamp, type Stamp } from "../lock/stamp.js";
import { isStillAtPath } from "../lock/still-at-path.js";
import { lockShared } from "../system/flock.js";
import { type Identity, identityOf, openToLook, statusOf } from "../system/open-file.js";
import { hasOpen, readTakers } from "../system/proc-locks.js";
import { sleepSync } from "../system/sleep.js";
import { visible } from "../text.js";
import { Evidence, type Look } from "./evidence.js";

/**
 * Who holds the lock of the file at `path`. Looks with a shared lock, so that contenders can tell a
 * look from a holder; changes nothing. Blocks for some µs; where the file does not say clearly who the
 * holder is, for up to GRACE_MS.
 *
 * @returns the PID, or null where the lock is free.
 * @throws LockFileParsingError where it is held and the file does not say by whom.
 */
export function findOwner(path: string): number | null {
  // The holder may have locked and not yet stamped: what stands there is then a past holder's.
  const look = lookFor(GRACE_MS, path);
  if (look === null) return null;
  const holder = holderOf(look);
  if (holder !== null) return holder;
  throw new LockFileParsingError(
    `${visible(path)} is locked, but its first line is not a PID, so the holder is unknown. ` +
      "`fuser` or `lsof` on the file name the processes that have it open.",
    path,
  );
}

/**
 * Looks until the answer is certain, or again and again for so long (ms), and at least as often as it takes
 * to know what to believe.
 *
 * @returns null where the lock is free.
 */
export function lookFor(ms: number, path: string): Look | null {
  const start = performance.now();
  const looks = new Evidence();
  for (;;) {
    const look = lookOnce(path);
    if (look === null) return null;
    const elapsed = performance.now() - start;
    const conclusion = looks.conclude(look, elapsed >= ms);
    if (conclusion !== null) return conclusion;
    // Look often at first, as a lock that changes hands every few µs is seldom seen with its stamp on.
    if (elapsed > ms / 5 && elapsed < ms) sleepSync(0.2);
  }
}

/** Looks once. @returns null where the lock is free. */
function lookOnce(path: string): Look | null {
  const file = openToLook(path);
  if (file === null) return null;
  try {
    const status = statusOf(file);
    if (lockShared(file.fd)) return null;
    const stamp = readStamp(file.fd);
    const identity = identityOf(file);
    const listed = readTakers()(identity);
    // Given back since, unless the table does not list this file.
    if (listed === null && lockShared(file.fd)) return null;
    return appraise(stamp, identity, listed, isStillAtPath(file, status, true));
  } finally {
    closeSync(file.fd);
  }
}

/**
 * Puts together what the file and the kernel's table say of a held lock.
 *
 * @param listed The process that the table lists.
 * @param atPath Whether the file is still at its path: if not, its lock excludes nobody who comes now.
 */
export function appraise(
  { pid, complete }: Stamp,
  file: Identity,
  listed: number | null,
  atPath: boolean,
): Look {
  if (pid !== null && pid === listed) {
    return { pid, listed, taker: pid, certain: complete && atPath };
  }
  if (listed === null) return { pid, listed, taker: null, certain: false };
  const stamper = pid === null ? false : hasOpen(pid, file);
  // The PID of a helper that is gone may be a stranger's by now. Another user's process may not be asked:
  // it is believed where the stamp's process is gone.
  const taker = (hasOpen(listed, file) ?? stamper === false) ? listed : null;
  // A past holder's stamp, which the present one has not come to write over, names nobody.
  return { pid: taker === null && stamper === false ? null : pid, listed, taker, certain: false };
}

/**
 * Who holds the lock, by what one look can tell. A lock that was waited for was taken by a helper, which
 * is gone; it is its stamp's. Where the taker still has the file open, the stamp is a past holder's.
 *
 * @returns null where the stamp is blank or garbled.
 */
export function holderOf({ pid, taker }: Look): number | null {
  return pid === null ? null : (taker ?? pid);
}

/** How long (ms) a holder may take from its lock to its stamp before the stamp is taken for what it is. */
export const GRACE_MS = 5;
