import { type BigIntStats, constants, fstatSync, openSync, type Stats } from "node:fs";
import { LockFilePermissionDenied, LockFileUnsafe } from "../errors.js";
import { visible } from "../text.js";

/** An open lock file. */
export interface OpenFile {
  readonly path: string;
  readonly fd: number;
}

/**
 * Opens a lock file for locking, and creates it (mode 0600) where it is not there. Follows no symbolic
 * link, does not hang on a FIFO, truncates nothing; the descriptor is closed on exec.
 *
 * @throws LockFileUnsafe, LockFilePermissionDenied, or the system's own error.
 */
export function openToLock(path: string): OpenFile {
  return { path, fd: openOrCreate(path) };
}

/**
 * Opens a lock file for looking at it; never creates it.
 *
 * @returns null where there is no such file.
 */
export function openToLook(path: string): OpenFile | null {
  try {
    return { path, fd: openSync(path, constants.O_RDONLY | SAFELY) };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw explain(error, path, "reading");
  }
}

/**
 * The status of an open lock file.
 *
 * @throws LockFileUnsafe where it is not a regular file.
 */
export function statusOf({ path, fd }: OpenFile): Stats {
  const status = fstatSync(fd);
  const type = typeOf(status);
  if (type === null) return status;
  throw unsafe(path, type);
}

/** What stands at a path instead of a regular file, in words; null for a regular file. */
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

export type Identity = Pick<BigIntStats, "dev" | "ino">;

/** Whether two identities are one file. */
export function isSame(a: Identity, b: Identity): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

/** The system's `code` of an error, such as "ENOENT". */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const TO_LOCK = constants.O_RDWR | SAFELY;
const EXACT = { bigint: true } as const;

/**
 * Without O_CREAT first: where the kernel protects regular files in sticky directories
 * (fs.protected_regular), O_CREAT on a file of another owner is refused although it could be opened.
 */
function openOrCreate(path: string): number {
  try {
    return openSync(path, TO_LOCK);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw explain(error, path, "writing");
  }
  try {
    return openSync(path, TO_LOCK | constants.O_CREAT, 0o600);
  } catch (error) {
    // Someone else may have created it just now, in such a directory.
    if (codeOf(error) === "EACCES") {
      try {
        return openSync(path, TO_LOCK);
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
      `No permission to open the lock file ${visible(path)} for ${purpose} (${String(code)}). Run as the user who ` +
        "owns the lock directory, or give this user that permission on the directory and the file.",
      path,
      error,
    );
  }
  if (code === "ELOOP") return unsafe(path, "a symbolic link", error);
  if (code === "EISDIR") return unsafe(path, "a directory", error);
  if (code === "ENXIO") return unsafe(path, "a socket or a device", error);
  return error;
}

function unsafe(path: string, what: string, cause?: unknown): LockFileUnsafe {
  return new LockFileUnsafe(
    `${visible(path)} is ${what}, not a regular file: it cannot be a lock file. ` +
      "Find out who put it there, and choose another lock directory or move it away.",
    path,
    cause,
  );
}
