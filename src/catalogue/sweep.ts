import { closeSync, lstatSync, unlinkSync } from "node:fs";
import { LockFileException, LockFileNativeMissing, LockFileUnsafe } from "../errors.js";
import { glanceAt } from "../holder/inspect.js";
import { isStillAtPath } from "../lock/still-at-path.js";
import { lockUnlessHeld } from "../lock/take.js";
import type { LockFile } from "../lock-file.js";
import { unlock } from "../system/flock.js";
import { identityOf, openToLook, statusOf, typeOf } from "../system/open-file.js";
import { waitersOf } from "../system/proc-locks.js";
import { type Identify, listLockFiles } from "./list.js";
import { Pace } from "./pace.js";

/** What a sweep does. */
export interface SweepOptions {
  /** Whether it only looks, and tells what it would remove. Default false. */
  readonly dryRun?: boolean | undefined;
}

/** What became of the lock files of a directory. A file that vanished in the meantime is in no list. */
export interface Sweep<L extends LockFile> {
  /** Free, and removed; with `dryRun`, only free. */
  readonly removed: readonly L[];
  /** Held, or waited for, and so left alone. */
  readonly held: readonly L[];
  /** Absolute paths of the `.lock` files that no kind of the catalogue reads: left alone. */
  readonly notOurs: readonly string[];
  /** Neither removed nor known to be held: not a regular file, no permission. */
  readonly failed: readonly {
    /** The lock whose file it is. */
    readonly lock: L;
    /** Why: the system's error, or a LockFileUnsafe. */
    readonly error: unknown;
  }[];
}

/**
 * Removes the free lock files of a catalogue from a directory: of each, the lock is taken without
 * waiting, the file is checked to be the one at the path still, and unlinked while the lock is held. A
 * contender of this library that has opened it in the meantime sees that, and starts over.
 */
export async function sweep<L extends LockFile>(
  identify: Identify<L>,
  directory: string,
  { dryRun = false }: SweepOptions = {},
): Promise<Sweep<L>> {
  const removed: L[] = [];
  const held: L[] = [];
  const notOurs: string[] = [];
  const failed: { lock: L; error: unknown }[] = [];
  const pace = new Pace();
  for (const { path, lock } of await listLockFiles(identify, directory)) {
    await pace.breathe();
    if (lock === null) {
      notOurs.push(path);
      continue;
    }
    try {
      const outcome = dryRun ? wouldRemove(path) : removeIfFree(path);
      if (outcome === "free") removed.push(lock);
      else if (outcome === "held") held.push(lock);
    } catch (error) {
      if (error instanceof LockFileNativeMissing) throw error;
      failed.push({ lock, error });
    }
  }
  return { removed, held, notOurs, failed };
}

type Outcome = "free" | "held" | "gone";

function wouldRemove(path: string): Outcome {
  const glance = glanceAt(path);
  if (glance.state === "unsafe") throw unsafe(path, glance.reason);
  if (glance.state === "unreadable") {
    throw new LockFileException(`${path} cannot be swept: ${glance.reason}.`, path);
  }
  return glance.state;
}

function removeIfFree(path: string): Outcome {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there === undefined) return "gone";
  const type = typeOf(there);
  if (type !== null) throw unsafe(path, type);
  // Not opened for locking, which would create a file that has gone since.
  const file = openToLook(path);
  /* v8 ignore next -- it went between the two looks. */
  if (file === null) return "gone";
  try {
    if (!lockUnlessHeld(file.fd)) return "held";
    try {
      // Replaced since it was opened: someone is at work here just now.
      if (!isStillAtPath(file, statusOf(file), true)) return "held";
      // Between two holders. Not every contender checks, as ours do, that the file is still there.
      if (waitersOf(identityOf(file))?.length) return "held";
      unlinkSync(path);
      return "free";
    } finally {
      unlock(file.fd);
    }
  } finally {
    closeSync(file.fd);
  }
}

function unsafe(path: string, type: string): LockFileUnsafe {
  return new LockFileUnsafe(`${path} is ${type}, not a regular file: it is left alone.`, path);
}
