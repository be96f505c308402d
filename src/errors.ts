/**
 * What can go wrong with a lock. `LockFileException`, `LockFileBusy`, `LockFilePermissionDenied` and
 * `LockFileParsingError` carry Barman's names; the others are ours. Every error has a stable `code`,
 * the `path` of the lock file, and where the system said why, that error as its `cause`.
 *
 * What is not listed here (a directory that does not exist, an I/O error, no descriptors left)
 * arrives as the system's own error, with `path` set.
 */
export class LockFileException extends Error {
  override readonly name: string = "LockFileException";
  /** Stable across versions; the README has a heading for each. */
  readonly code: string = "LOCK_FAILED";
  /** Absolute path of the lock file. */
  readonly path: string;

  constructor(message: string, path: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.path = path;
  }
}

/** Another holder has the lock. */
export class LockFileBusy extends LockFileException {
  override readonly name: string = "LockFileBusy";
  override readonly code: string = "LOCK_BUSY";
}

/** The lock was waited for as long as `timeout` allows, and it is still busy. */
export class LockFileTimeout extends LockFileBusy {
  override readonly name: string = "LockFileTimeout";
  override readonly code: string = "LOCK_TIMEOUT";
}

/** A synchronous wait for a lock that this very thread holds: it could never end. */
export class LockFileDeadlock extends LockFileBusy {
  override readonly name: string = "LockFileDeadlock";
  override readonly code: string = "LOCK_DEADLOCK";
}

/** The lock file cannot be opened for writing (EACCES, EPERM, EROFS). */
export class LockFilePermissionDenied extends LockFileException {
  override readonly name: string = "LockFilePermissionDenied";
  override readonly code: string = "LOCK_PERMISSION_DENIED";
}

/** The lock is held, and its file does not say by whom. */
export class LockFileParsingError extends LockFileException {
  override readonly name: string = "LockFileParsingError";
  override readonly code: string = "LOCK_STAMP_GARBLED";
}

/** A parameter value that cannot be part of a lock file's name. */
export class LockFileNameError extends LockFileException {
  override readonly name: string = "LockFileNameError";
  override readonly code: string = "LOCK_NAME_INVALID";
}

/** What stands at the path is a symbolic link, a FIFO, a directory, a device: not a lock file. */
export class LockFileUnsafe extends LockFileException {
  override readonly name: string = "LockFileUnsafe";
  override readonly code: string = "LOCK_UNSAFE";
}

/** The native add-on of `fs-ext`, which calls flock(2), was not built or cannot be loaded. */
export class LockFileNativeMissing extends LockFileException {
  override readonly name: string = "LockFileNativeMissing";
  override readonly code: string = "LOCK_NATIVE_MISSING";
}
