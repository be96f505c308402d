import { fstatSync, futimesSync } from "node:fs";
import { performance, timeOfDay } from "../clock.js";
import { codeOf } from "../errors.js";
import type { LockMode } from "../options.js";
import { unlockToClose } from "../system/flock.js";
import {
  closeQuietly,
  type Identity,
  identityAt,
  identityOf,
  isSame,
  type OpenFile,
} from "../system/open-file.js";
import { blankStamp, type Written, writeShare, writeStamp } from "./stamp.js";

/** A lock that this thread holds. */
export interface Hold {
  readonly file: OpenFile;
  /** Of the file that was locked. */
  readonly identity: Identity;
  /** Name of the kind. */
  readonly kind: string;
  readonly mode: LockMode;
  /** What was written into the file, and is to be blanked on release; null if nothing was. */
  stamp: Written | null;
  /** As in its terms. */
  readonly overwritesLine: boolean;
  /** When (ms, monotonic) it was locked. */
  readonly taken: number;
  /**
   * Since when (ms, monotonic) this thread has had the lock without a break, from object to object, as
   * far as a contender of this thread has waited for it; null if none has.
   */
  since: number | null;
  /** When (ms, monotonic) a helper was granted the lock; null if nobody knows, undefined if a try took it. */
  granted?: number | null | undefined;
}

/** Enters a hold among those of this thread, which stay held until they are released: an object that nobody mentions again is no release. */
export function keep(hold: Hold): Hold {
  holds[hold.file.fd] = hold;
  return hold;
}

/**
 * Releases a lock: blanks the stamp, unlocks, tells who watches the file, closes. The file stays: an unlink would split
 * contenders over two inodes. Never throws.
 */
export function release(hold: Hold): void {
  const { fd } = hold.file;
  // If somebody else closed our descriptor, its number may be another hold's, or any file's, by now.
  if (holds[fd] !== hold) return;
  holds[fd] = undefined;
  const ours = isOurs(hold);
  if (ours === false) return;
  const isBlank = ours && hold.stamp !== null && blankStamp(fd, hold.stamp);
  // Explicitly, as a process that is being started at this moment may have a copy of the descriptor.
  unlockToClose(fd);
  if (isBlank && performance.now() - hold.taken > NOT_WAITED_FOR_MS) touch(fd);
  closeQuietly(fd);
}

/**
 * Tells who watches the file by inotify(7) that it may be locked now: of the stamp's end they hear too early, before the
 * unlock, and a write is not ours to make after it. The time of the file is that of a write that was just made.
 */
function touch(fd: number): void {
  const now = timeOfDay() / 1_000;
  try {
    futimesSync(fd, now, now);
  } catch {
    // Only the owner of a file may: they hear of nothing, and try a little later.
  }
}

/** Who comes during so short a hold has not begun to watch before its end. */
const NOT_WAITED_FOR_MS = 0.5;

/**
 * Stamps a held file with the PID of another process, one that was started with a copy of its descriptor:
 * that process holds the lock as well, and goes on holding it if this one is killed.
 */
export function stampFor(hold: Hold, pid: number): void {
  const { fd } = hold.file;
  if (hold.mode === "exclusive") {
    hold.stamp = writeStamp(fd, fstatSync(fd).size, hold.overwritesLine, pid);
    return;
  }
  if (hold.stamp !== null) blankStamp(fd, hold.stamp);
  // The copy has the same number.
  hold.stamp = writeShare(fd, fstatSync(fd).size, { pid, fd });
}

/**
 * Ends this process's part in a lock that other processes hold by copies of its descriptor: blanks the
 * stamp and closes the descriptor. Unlike {@link release} it does not unlock, which would unlock it for them too.
 */
export function leave(hold: Hold): void {
  const { fd } = hold.file;
  if (holds[fd] !== hold) return;
  holds[fd] = undefined;
  const ours = isOurs(hold);
  if (ours === false) return;
  if (ours && hold.stamp !== null) blankStamp(fd, hold.stamp);
  closeQuietly(fd);
}

/** A hold that this thread took at `path`, on whatever file was there then. */
export function heldAs(path: string): Hold | undefined {
  return holds.find((hold) => hold?.file.path === path);
}

/** A lock by its kind and its file. */
export interface HeldLock {
  readonly kind: string;
  readonly path: string;
  /** Of the file that this thread has locked. */
  readonly identity?: Identity;
}

/** The locks that this thread holds, or others for it, but for the one at `path`. */
export function heldBeside(path: string): HeldLock[] {
  const own = holds.flatMap((hold) =>
    hold === undefined ? [] : [{ kind: hold.kind, path: hold.file.path, identity: hold.identity }],
  );
  return [...own, ...heldForUs].filter((lock) => lock.path !== path);
}

/** Locks that are held until this process ends, by another one that waits for it: a `run` in a `run`. */
export const heldForUs: HeldLock[] = [];

/** A hold of this thread on the file that is at `path` now, which keeps a lock of this mode from being had. */
export function heldAgainst(path: string, mode: LockMode): Hold | undefined {
  // A hold on a file that was unlinked or replaced keeps nobody from taking the one that is there.
  return holds.find(
    (hold) => hold?.file.path === path && excludes(hold, mode) && lossOf(hold) === null,
  );
}

function excludes(hold: Hold, mode: LockMode): boolean {
  return hold.mode === "exclusive" || mode === "exclusive";
}

/** How a lock came to exclude nobody who comes now, though it was never released. */
export type Loss =
  | { readonly how: "removed" | "replaced" | "closed" }
  /** Whether the file is still at its path cannot be seen. */
  | { readonly how: "unseen"; readonly error: unknown };

/** Whether, and how, a lock that is held was lost; null if its file is still the one at its path, and still ours. */
export function lossOf(hold: Hold): Loss | null {
  try {
    const there = identityAt(hold.file.path);
    if (there === null) return { how: "removed" };
    if (!isSame(there, hold.identity)) return { how: "replaced" };
    return isOurs(hold) === false ? { how: "closed" } : null;
  } catch (error) {
    return { how: "unseen", error };
  }
}

/** Whether this thread holds the lock of this very file, under whatever name, so that one of this mode cannot be had. */
export function isHeldAgainst(
  { fd }: Pick<OpenFile, "fd">,
  file: Identity,
  mode: LockMode,
): boolean {
  // A hold by the same descriptor is one that somebody else has closed.
  return holds.some(
    (hold) =>
      hold !== undefined &&
      hold.file.fd !== fd &&
      excludes(hold, mode) &&
      isSame(hold.identity, file) &&
      isOurs(hold) !== false,
  );
}

/**
 * After a double close elsewhere in the program, our number may be another file's: it must not be written into.
 *
 * @returns null if the system does not tell (EIO, no memory): then nothing is written, and the lock is released.
 */
export function isOurs({ file, identity }: Pick<Hold, "file" | "identity">): boolean | null {
  try {
    return isSame(identityOf(file), identity);
  } catch (error) {
    return codeOf(error) === "EBADF" ? false : null;
  }
}

/** By descriptor: taking and releasing are frequent, and asking is not, as only contenders that wait do. */
const holds: (Hold | undefined)[] = [];
