import { type Stats, unlinkSync } from "node:fs";
import { nextTurn, timeOfDay } from "../clock.js";
import { codeOf, LockFileException, LockFileNativeMissing, LockFileUnsafe } from "../errors.js";
import { explainError } from "../failure.js";
import { type FindingWithQueue, findHolders } from "../holder/find-holder.js";
import { inspect } from "../holder/inspect.js";
import { isOfLockProgram } from "../lock/stamp.js";
import { lockUnlessHeld } from "../lock/take.js";
import type { LockFile } from "../lock-file.js";
import { OWNER_ONLY } from "../options.js";
import { unlockToClose } from "../system/flock.js";
import { hasRights } from "../system/group.js";
import {
  closeQuietly,
  identityAt,
  identityOf,
  isSame,
  type OpenFile,
  openToInspect,
  statusAt,
  statusOf,
  typeOf,
} from "../system/open-file.js";
import {
  type LockTable,
  readLockTableSync,
  recentLockTable,
  type TableName,
  tableNameOf,
} from "../system/proc-locks.js";
import { Turn } from "../system/sleep.js";
import { modeOf, rightsSaid, visible } from "../text.js";
import { type Identify, listLockFiles } from "./scan.js";
import type { LockPath } from "./scan-entry.js";

/** What a sweep does. */
export interface SweepOptions {
  /** Whether it only looks, and tells what it would remove. Default false. */
  readonly dryRun?: boolean | undefined;
}

/** What became of the lock files of a directory. A file that vanished in the meantime is in no list. */
export interface Sweep<L extends LockFile> {
  /** Free, and removed; with `dryRun`, only free. */
  readonly removed: readonly L[];
  /** Held, shared or waited for, and so left alone. */
  readonly held: readonly L[];
  /** Absolute paths of the `.lock` files that no kind of the catalogue reads: left alone. */
  readonly notOurs: readonly string[];
  /** Neither removed nor known to be held: not a regular file, no permission, rights that others gave it. */
  readonly failed: readonly {
    /** The lock whose file it is. */
    readonly lock: L;
    /** Why: the system's error, or a LockFileException. */
    readonly error: unknown;
  }[];
}

/**
 * Removes the free lock files of a catalogue from some directories: of each, the lock is taken without
 * waiting, the file is checked to be the one at the path still, and unlinked while the lock is held. A
 * contender of this library that has opened it in the meantime sees that, and starts over.
 */
export async function sweep<L extends LockFile>(
  identify: Identify<L>,
  directories: readonly string[],
  { dryRun = false }: SweepOptions = {},
): Promise<Sweep<L>> {
  const removed: L[] = [];
  const held: L[] = [];
  const notOurs: string[] = [];
  const failed: { lock: L; error: unknown }[] = [];
  const turn = new Turn();
  const files: LockPath<L>[] = [];
  for (const directory of directories) {
    for (const file of await listLockFiles(identify, directory)) files.push(file);
  }
  const paths = files.flatMap(({ path, lock }) => (lock === null ? [] : [path]));
  // A dry run reads the kernel's table once for all, and sees what `scan` sees.
  const findings = dryRun ? await findHolders(paths, turn) : null;
  for (const { path, lock } of files) {
    while (turn.isLong) await nextTurn();
    if (lock === null) {
      notOurs.push(path);
      continue;
    }
    try {
      // Before the lock is tried: a look at the kernel's table under it keeps others out for milliseconds, and so is
      // taken only of files that are in use.
      const outcome =
        findings === null
          ? removeIfFree(path, await recentLockTable(RECENT_MS), lock)
          : wouldRemove(path, findings.get(path), lock);
      if (outcome === "free") removed.push(lock);
      else if (outcome === "held") held.push(lock);
    } catch (error) {
      if (error instanceof LockFileNativeMissing) throw error;
      failed.push({ lock, error: explainError(lock, error) });
    }
  }
  return { removed, held, notOurs, failed };
}

/** How old (ms) the kernel's table may be: to read it takes about as long. */
const RECENT_MS = 5;

type Outcome = "free" | "held" | "gone";

function wouldRemove(path: string, finding: FindingWithQueue | undefined, lock: LockFile): Outcome {
  if (finding === undefined || finding.state === "gone") return "gone";
  if (finding.state === "unsafe") throw notAFile(path, finding.reason);
  if (finding.state === "unreadable") throw finding.error;
  if (finding.state !== "free" || finding.waiters.length > 0) return "held";
  const file = openToInspect(path);
  if (file === null) return "gone";
  try {
    check(file, lock);
    return "free";
  } finally {
    closeQuietly(file.fd);
  }
}

function removeIfFree(path: string, table: LockTable | null, lock: LockFile): Outcome {
  const there = statusAt(path);
  if (there === null) {
    const seen = inspect(path);
    if (seen.state === "unreadable") throw seen.error;
    return "gone";
  }
  const type = typeOf(there);
  if (type !== null) throw notAFile(path, type);
  // Not opened for locking, which would create a file that has gone since.
  const file = openToInspect(path);
  if (file === null) return "gone";
  try {
    const status = statusOf(file);
    const name = tableNameOf(file);
    // Between two holders. Not every contender checks, as ours do, that the file is still there.
    if (isWanted(table, name)) return "held";
    if (lockUnlessHeld(file.fd) !== true) return "held";
    try {
      // Whoever has just waited for a holder may have been overtaken by us, and wait for this lock by now.
      if (isInUse(table, name, status) && isWanted(readLockTableSync(), name)) return "held";
      // Replaced since it was opened: someone is at work here just now.
      const now = identityAt(path);
      if (now === null || !isSame(now, identityOf(file, status))) return "held";
      check(file, lock);
      return removeFile(path);
    } finally {
      unlockToClose(file.fd);
    }
  } finally {
    closeQuietly(file.fd);
  }
}

function removeFile(path: string): Outcome {
  try {
    unlinkSync(path);
    return "free";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "gone";
    throw error;
  }
}

function isWanted(table: LockTable | null, name: TableName | null): boolean {
  return (table?.waitersOf(name).length ?? 0) > 0;
}

/** Whether somebody has had the lock since about the time at which the kernel's table was read. */
function isInUse(table: LockTable | null, name: string, { mtimeMs }: Stats): boolean {
  return table?.exclusiveOf(name) != null || mtimeMs > timeOfDay() - IN_USE_MS;
}

/** More than a table's age, a turn of the event loop, and a tick of the clock of files. */
const IN_USE_MS = 100;

/**
 * That a file may go: nobody's data with it, nobody's right to lock it. A file that is made anew has mode 0600, or the
 * rights that its kind declares; if somebody gave others the right to write this one, who may lock it would change with
 * a sweep.
 */
function check(file: OpenFile, lock: LockFile): void {
  const { path, fd } = file;
  const status = statusOf(file);
  const { size, mode } = status;
  const { DEFAULTS, FILE } = lock.constructor as typeof LockFile;
  if (!isOfLockProgram(fd, size, DEFAULTS.stamp !== "none")) {
    throw new LockFileException(
      `${visible(path)} is kept: it holds ${size} bytes that no lock program wrote, though its name is one of this ` +
        "catalogue. Find out whose file it is, or give the kind a name that others do not use.",
      path,
    );
  }
  if ((mode & OTHERS_WRITE) === 0 || (FILE !== null && hasRights(status, FILE))) return;
  throw new LockFileException(
    `${visible(path)} is kept: it has mode ${modeOf(mode)}, so that others may lock it too, and a new file ` +
      `would have ${rightsSaid(FILE ?? OWNER_ONLY)}. Remove it by hand if that is what you want.`,
    path,
  );
}

/** A lock is taken by whoever may write its file: group and others. */
const OTHERS_WRITE = 0o022;

function notAFile(path: string, type: string): LockFileUnsafe {
  return new LockFileUnsafe(
    `${visible(path)} is ${type}, not a regular file: it is left alone.`,
    path,
  );
}
