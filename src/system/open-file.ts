import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { codeOf, LockFilePermissionDenied, LockFileUnsafe } from "../errors.js";
import { visible } from "../text.js";

/** An open lock file. */
export interface OpenFile {
  readonly path: string;
  readonly fd: number;
}

/**
 * Opens a lock file for locking, and creates it (mode 0600) if it is not there. Follows no symbolic
 * link, does not hang on a FIFO, truncates nothing; the descriptor is closed on exec.
 *
 * @throws LockFileUnsafe, LockFilePermissionDenied, or the system's own error.
 */
export function openToLock(path: string): OpenFile {
  return { path, fd: openOrCreate(path) };
}

/**
 * Creates a lock file with these permissions, whatever the umask; leaves one that exists as it is.
 *
 * @throws LockFilePermissionDenied, or the system's own error.
 */
export function createLockFile(path: string, mode: number): void {
  let fd: number;
  try {
    fd = openAbove(path, TO_LOCK | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    throw explain(error, path, "writing");
  }
  try {
    fchmodSync(fd, mode);
  } finally {
    closeQuietly(fd);
  }
}

/**
 * Opens a lock file to inspect it; never creates it.
 *
 * @returns null if there is no such file.
 */
export function openToInspect(path: string): OpenFile | null {
  try {
    return { path, fd: openAbove(path, constants.O_RDONLY | SAFELY) };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
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

/** Which file it is, whatever its name: exact, as a number would round an inode above 2^53. */
export function identityOf({ fd }: Pick<OpenFile, "fd">): Identity {
  return fstatSync(fd, EXACT);
}

/** Which file is at a path now; null if there is none. */
export function identityAt(path: string): Identity | null {
  return lstatSync(path, EXACT_OR_MISSING) ?? null;
}

export type Identity = Pick<BigIntStats, "dev" | "ino">;

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

/** What is at a path is no lock file. */
export function unsafe(path: string, what: string, cause?: unknown): LockFileUnsafe {
  return new LockFileUnsafe(
    `${visible(path)} is ${what}, not a regular file: it cannot be a lock file. ` +
      "Find out who put it there, and choose another lock directory or move it away.",
    path,
    cause,
  );
}

const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const TO_LOCK = constants.O_RDWR | SAFELY;
const EXACT = { bigint: true } as const;
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

function explain(error: unknown, path: string, purpose: "reading" | "writing"): unknown {
  const code = codeOf(error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new LockFilePermissionDenied(
      `No permission to open the lock file ${visible(path)} for ${purpose} (${code}). ` +
        permissionRemedy(code, path),
      path,
      error,
    );
  }
  // A loop of links on the way to it is no link at its place.
  if (code === "ELOOP") return isLink(path) ? unsafe(path, "a symbolic link", error) : error;
  if (code === "EISDIR") return unsafe(path, "a directory", error);
  if (code === "ENXIO") return unsafe(path, "a socket or a device", error);
  return error;
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}

/** What to do about a refusal: it says who owns what, and who we are. */
function permissionRemedy(code: string, path: string): string {
  if (code === "EROFS") {
    return "The file system is mounted read-only: choose another lock directory, or find out why (`findmnt`, `dmesg`).";
  }
  if (code === "EPERM") {
    return "The file or its directory is immutable, even for root (see `lsattr`; `chattr -i` clears it), or a sandbox forbids it.";
  }
  const us = `we are user ${process.geteuid?.()}, group ${process.getegid?.()}`;
  const file = rightsOf(path);
  if (file !== null) {
    return (
      `The file belongs to ${file}; ${us}. If another user, such as root, took the lock once, the file is that ` +
      "user's: have its owner change its owner or mode, so that everybody who locks may read and write it."
    );
  }
  const directory = rightsOf(dirname(path));
  return (
    `The lock directory ${visible(dirname(path))} ${directory === null ? "may not be read" : `belongs to ${directory}`}; ` +
    `${us}. Run as its owner, or give this user write and search permission on the directory.`
  );
}

function rightsOf(path: string): string | null {
  try {
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status === undefined) return null;
    const mode = (status.mode & 0o7777).toString(8).padStart(4, "0");
    return `user ${status.uid}, group ${status.gid}, mode ${mode}`;
  } catch {
    return null;
  }
}

export { codeOf };
