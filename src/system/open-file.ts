import {
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  type Stats,
  statSync,
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
 * Opens a lock file to share its lock: as {@link openToLock}, or to read only if this user may not write it.
 *
 * @throws as {@link openToLock}.
 */
export function openToShare(path: string): OpenFile {
  try {
    return openToLock(path);
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
  if (code === "ELOOP" && statusIfSeen(path)?.isSymbolicLink()) {
    return unsafe(path, "a symbolic link", error);
  }
  if (code === "EISDIR") return unsafe(path, "a directory", error);
  if (code === "ENXIO") return unsafe(path, "a socket or a device", error);
  return error;
}

/** What to do about a refusal: it says who owns what, and who we are. */
function permissionRemedy(code: string, path: string): string {
  if (code === "EROFS") {
    return "The file system is mounted read-only: choose another lock directory, or find out why (`findmnt`, `dmesg`).";
  }
  if (code === "EPERM") {
    return "The file or its directory is immutable, even for root (see `lsattr`; `chattr -i` clears it), or a sandbox forbids it.";
  }
  const us = `we are ${ourselves()}`;
  const file = statusIfSeen(path);
  if (file !== undefined) {
    const said = `The file belongs to ${rightsOf(file)}; ${us}. `;
    if (code === "EPERM" || mayWrite(file)) {
      return `${said}Its mode is not the reason: see its attributes (\`lsattr\`), and the rules of the file system and of security modules.`;
    }
    if (file.uid === process.geteuid?.()) {
      return `${said}It is ours, and its mode keeps us out: \`chmod u+rw\` lets us in.`;
    }
    return (
      `${said}If another user, such as root, took the lock once, the file is that user's: have its owner change its ` +
      "owner or mode, so that everybody who locks may read and write it."
    );
  }
  let directory = dirname(path);
  let status = statusIfSeen(directory);
  // The directory that keeps us out is one that we see, and see nothing of what is in it.
  while (status === undefined && directory !== "/") {
    directory = dirname(directory);
    status = statusIfSeen(directory);
  }
  const what =
    directory === dirname(path) ? "The lock directory" : "On the way to it, the directory";
  const rights = status === undefined ? "is closed to us" : `belongs to ${rightsOf(status)}`;
  return (
    `${what} ${visible(directory)} ${rights}; ${us}. Run as its owner, or give us search permission on it` +
    `${directory === dirname(path) ? ", and write permission, as a lock file that is not there is created" : ""}.`
  );
}

/** Whether the mode of a file lets us write it, as far as groups tell. */
function mayWrite({ uid, gid, mode }: Stats): boolean {
  const user = process.geteuid?.();
  if (user === 0) return true;
  if (user === uid) return (mode & 0o600) === 0o600;
  const isMember = process.getegid?.() === gid || process.getgroups?.().includes(gid) === true;
  return isMember ? (mode & 0o060) === 0o060 : (mode & 0o006) === 0o006;
}

function ourselves(): string {
  const groups = new Set([process.getegid?.(), ...(process.getgroups?.() ?? [])]);
  const named = [...groups].slice(0, MOST_GROUPS).join(", ");
  return `user ${process.geteuid?.()}, group${groups.size > 1 ? "s" : ""} ${named}`;
}

const MOST_GROUPS = 10;

function rightsOf({ uid, gid, mode }: Stats): string {
  return `user ${uid}, group ${gid}, mode ${modeOf(mode)}`;
}

/** The mode of a file as `chmod` takes it: 0640. */
export function modeOf(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}

function statusIfSeen(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
