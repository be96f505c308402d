import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { performance, timeOfDay } from "../clock.js";
import { codeOf, LockFilePermissionDenied } from "../errors.js";
import { type LockFileRights, OWNER_ONLY } from "../options.js";
import { explain, explainMaking, statusIfSeen, unsafe } from "./refusal.js";
import { sleepSync } from "./sleep.js";

/** An open lock file. */
export interface OpenFile {
  readonly path: string;
  readonly fd: number;
}

/** How a file is made, by the one who makes it. */
export interface Making {
  /** What it is to have. */
  readonly rights: LockFileRights;
  /**
   * The number of its group, before there is a file; null for the one that it gets anyway.
   *
   * @throws LockFileException if there is no such group, LockFilePermissionDenied if this user may not give it.
   */
  readonly groupToGive: () => number | null;
}

/**
 * Opens a lock file for locking, and creates it if it is not there. Follows no symbolic
 * link, does not hang on a FIFO, truncates nothing; the descriptor is closed on exec.
 *
 * @param making How it is created; null for mode 0600.
 * @throws LockFileUnsafe, LockFilePermissionDenied, what `making` throws, or the system's own error.
 */
export function openToLock(path: string, making: Making | null): OpenFile {
  return { path, fd: making === null ? openOrCreate(path) : openOrMake(path, making) };
}

/**
 * Opens a lock file to share its lock: as {@link openToLock}, or to read only if this user may not write it.
 *
 * @throws as {@link openToLock}.
 */
export function openToShare(path: string, making: Making | null): OpenFile {
  try {
    return openToLock(path, making);
  } catch (error) {
    if (!(error instanceof LockFilePermissionDenied)) throw error;
    try {
      return { path, fd: openAbove(path, TO_SHARE) };
    } catch {
      throw error;
    }
  }
}

/**
 * Creates a lock file with some rights, whatever the umask; leaves one that exists as it is.
 *
 * @throws as {@link openToLock}.
 */
export function createLockFile(path: string, making: Making): void {
  // Who may not give the group may use a file that has it.
  if (statusIfSeen(path) !== undefined) return;
  const fd = makeFile(path, making);
  if (fd !== null) closeQuietly(fd);
}

/**
 * Opens a lock file to inspect it; never creates it.
 *
 * @returns null if there is no such file.
 */
export function openToInspect(path: string): OpenFile | null {
  try {
    return { path, fd: openAbove(path, TO_INSPECT) };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw explain(error, path, "reading");
  }
}

/**
 * A descriptor that only stands for a file (O_PATH), for which no permission to read it is needed: nothing can be read,
 * written or locked with it.
 *
 * @throws the system's own error.
 */
export function openAsName(path: string): OpenFile {
  return { path, fd: openSync(path, O_PATH | constants.O_NOFOLLOW) };
}

/** Of Linux, where Node.js does not name it. */
const O_PATH = 0o10000000;

/**
 * Whether an open file has the flags with which {@link openToInspect} opens: no other program is known that shares locks
 * of files that it opened like this, and `flock -s` does not.
 *
 * @param flags As the system keeps them.
 */
export function isOpenToInspect(flags: number): boolean {
  return (flags & TELLING) === (TO_INSPECT & TELLING);
}

/** Whether an open file has the flags with which {@link openToLock} opens: its lock may be shared for a try only. */
export function isOpenToLock(flags: number): boolean {
  return (flags & TELLING) === (TO_LOCK & TELLING);
}

/**
 * What is at a path, without opening it: to open a device may do something.
 *
 * @returns null if nothing is there.
 * @throws LockFilePermissionDenied, or the system's own error.
 */
export function statusAt(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch (error) {
    throw explain(error, path, "reading");
  }
}

/**
 * The status of an open lock file.
 *
 * @throws LockFileUnsafe if it is not a regular file.
 */
export function statusOf({ path, fd }: OpenFile): Stats {
  const status = fstatSync(fd);
  const type = typeOf(status);
  if (type === null) return status;
  throw unsafe(path, type);
}

/** What is at a path instead of a regular file, in words; null for a regular file. */
export function typeOf(status: Stats): string | null {
  if (status.isFile()) return null;
  if (status.isSymbolicLink()) return "a symbolic link";
  if (status.isDirectory()) return "a directory";
  if (status.isFIFO()) return "a FIFO";
  return status.isSocket() ? "a socket" : "a device";
}

/** Which file it is, whatever its name. @param status Of the file, if it has been read just now. */
export function identityOf({ fd }: Pick<OpenFile, "fd">, status: Stats = fstatSync(fd)): Identity {
  return isExact(status) ? status : fstatSync(fd, EXACT);
}

/**
 * Which file is at a path now; null if there is none.
 *
 * @throws LockFilePermissionDenied, or the system's own error.
 */
export function identityAt(path: string): Identity | null {
  try {
    const status = lstatSync(path, OR_MISSING);
    if (status === undefined || isExact(status)) return status ?? null;
    return lstatSync(path, EXACT_OR_MISSING) ?? null;
  } catch (error) {
    throw explain(error, path, "reading");
  }
}

/** Which file a path leads to now; null if there is none. */
export function identityBehind(path: string): Identity | null {
  const status = statSync(path, OR_MISSING);
  if (status === undefined || isExact(status)) return status ?? null;
  return statSync(path, EXACT_OR_MISSING) ?? null;
}

/** Numbers as a rule, which cost half as much; a number would round an inode above 2^53, and then they are exact. */
export type Identity = Pick<Stats, "dev" | "ino"> | Pick<BigIntStats, "dev" | "ino">;

function isExact({ ino }: Stats): boolean {
  return Number.isSafeInteger(ino);
}

/** Whether two identities are one file. */
export function isSame(a: Identity, b: Identity): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** Closes a descriptor. Never throws: what `close` reports is no reason to lose an error that came before. */
export function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // EIO: the descriptor is gone all the same. EBADF: somebody else closed it.
  }
}

/**
 * The text of a file of /proc; null if it cannot be read. A short one, as most are, takes half of the calls, and of the
 * time, that `readFileSync` takes.
 */
export function readIfThere(path: string, encoding: "latin1" | "utf8" = "latin1"): string | null {
  try {
    const fd = openSync(path, "r");
    try {
      const length = readSync(fd, beginning, 0, beginning.length, 0);
      if (length < beginning.length) return beginning.toString(encoding, 0, length);
    } finally {
      closeQuietly(fd);
    }
    return readFileSync(path, encoding);
  } catch {
    return null;
  }
}

const beginning = Buffer.alloc(1024);

/** Whether this process may open so many files more at this moment. */
export function areLeft(count: number): boolean {
  const fds: number[] = [];
  try {
    while (fds.length < count) fds.push(openSync("/dev/null", "r"));
    return true;
  } catch {
    return false;
  } finally {
    for (const fd of fds) closeQuietly(fd);
  }
}

/**
 * Runs what starts a process, with descriptors 0 to 2 open. If the program has closed one, what Node.js opens for that
 * gets its number, and an assertion of libuv (`fd > STDERR_FILENO`) ends the process.
 */
export function withStandardStreams<T>(start: () => T): T {
  const fds: number[] = [];
  try {
    while (![0, 1, 2].every(isOpen)) fds.push(openSync("/dev/null", "r+"));
    return start();
  } finally {
    for (const fd of fds) closeQuietly(fd);
  }
}

function isOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
}

const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const TO_LOCK = constants.O_RDWR | SAFELY;
const TO_INSPECT = constants.O_RDONLY | SAFELY;
/** To append means nothing to who reads only, and tells from a look: the system shows it. */
const TO_SHARE = TO_INSPECT | constants.O_APPEND;
const TELLING =
  constants.O_RDWR |
  constants.O_WRONLY |
  constants.O_NONBLOCK |
  constants.O_NOFOLLOW |
  constants.O_APPEND;
const EXACT = { bigint: true } as const;
const OR_MISSING = { throwIfNoEntry: false } as const;
const EXACT_OR_MISSING = { bigint: true, throwIfNoEntry: false } as const;

/**
 * Opens a file with a descriptor of 3 or more. If the program has closed its standard input, 0 is the next one
 * free: a child that inherits its standard input would inherit the lock, and keep it when we are killed.
 */
function openAbove(path: string, flags: number, mode?: number): number {
  let fd = openSync(path, flags, mode);
  if (fd > 2) return fd;
  const low: number[] = [];
  try {
    while (fd <= 2) {
      low.push(fd);
      fd = openSync(path, flags & ~(constants.O_CREAT | constants.O_EXCL), mode);
    }
    return fd;
  } finally {
    for (const one of low) closeQuietly(one);
  }
}

/**
 * Without O_CREAT first: if the kernel protects regular files in sticky directories (fs.protected_regular), it
 * refuses O_CREAT on a file of another owner, though the file could be opened.
 */
function openOrCreate(path: string): number {
  try {
    return openAbove(path, TO_LOCK);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw explain(error, path, "writing");
  }
  try {
    return openAbove(path, TO_LOCK | constants.O_CREAT, 0o600);
  } catch (error) {
    // Someone else may have created it just now, in such a directory.
    if (codeOf(error) === "EACCES") {
      try {
        return openAbove(path, TO_LOCK);
      } catch {
        // The first refusal says more than this one.
      }
    }
    throw explain(error, path, "writing");
  }
}

/** As {@link openOrCreate}, but who creates the file gives it its rights, and others wait for that. */
function openOrMake(path: string, making: Making): number {
  const end = performance.now() + MADE_WITHIN_MS;
  for (;;) {
    try {
      return openAbove(path, TO_LOCK);
    } catch (error) {
      const code = codeOf(error);
      if (code !== "ENOENT") {
        const mayOpenSoon = code === "EACCES" && performance.now() < end && isNew(path);
        if (!mayOpenSoon) throw explain(error, path, "writing", making.rights);
        sleepSync(LOOK_AGAIN_MS);
        continue;
      }
    }
    const fd = makeFile(path, making);
    if (fd !== null) return fd;
  }
}

/** @returns null if somebody else has created it. */
function makeFile(path: string, { rights, groupToGive }: Making): number | null {
  const group = groupToGive();
  // With its mode from the first moment as far as the umask lets it, but not for another group.
  const first = group === null ? rights : OWNER_ONLY;
  let fd: number;
  try {
    fd = openAbove(path, TO_LOCK | constants.O_CREAT | constants.O_EXCL, first.mode);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return null;
    throw explain(error, path, "writing");
  }
  let isMade = false;
  try {
    const { uid, gid } = fstatSync(fd);
    if (group !== null && group !== gid) fchownSync(fd, uid, group);
    fchmodSync(fd, rights.mode);
    isMade = true;
    return fd;
  } catch (error) {
    throw explainMaking(error, path, rights);
  } finally {
    if (!isMade) closeQuietly(fd);
  }
}

/** Whether who creates a file may still be about to give it its rights. */
function isNew(path: string): boolean {
  const { birthtimeMs = 0, ctimeMs = 0 } = statusIfSeen(path) ?? {};
  // Not every file system knows when a file was created. That of its last change is younger in a lock that is taken often.
  return Math.abs(timeOfDay() - (birthtimeMs || ctimeMs)) < NEW_MS;
}

/** Two calls of the system make a new file what it is to be. A thread may not be stopped for longer than that. */
const MADE_WITHIN_MS = 2;
const LOOK_AGAIN_MS = 0.1;
const NEW_MS = 100;
