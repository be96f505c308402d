/**
 * What can go wrong with a lock. `LockFileException`, `LockFileBusy`, `LockFilePermissionDenied` and
 * `LockFileParsingError` carry Barman's names; the others are ours. Every error has a stable `code`,
 * the `path` of the lock file, and where the system said why, that error as its `cause`.
 *
 * What is not listed here (a directory that does not exist, an I/O error, no descriptors left)
 * arrives as the system's own error, with `path` set.
 */
export class LockFileException extends Error {
  /** The `code` of errors of this class. */
  static readonly CODE: string = "LOCK_FAILED";

  /** Name of the class. */
  override readonly name: string = "LockFileException";
  /** Stable across versions; the README has a heading for each, to which the message leads. */
  readonly code: string;
  /** Absolute path of the lock file. */
  readonly path: string;

  /**
   * For the package's own use: programs meet these errors and do not make them.
   *
   * @param message What happened, to which lock, and what to do about it.
   */
  constructor(message: string, path: string, cause?: unknown) {
    const { CODE } = new.target;
    super(
      `${message} See lock-catalogue/README.md#${CODE.toLowerCase()}.`,
      cause === undefined ? undefined : { cause },
    );
    this.code = CODE;
    this.path = path;
  }
}

/** Another holder has the lock. */
export class LockFileBusy extends LockFileException {
  static override readonly CODE: string = "LOCK_BUSY";
  override readonly name: string = "LockFileBusy";
}

/** The lock was waited for as long as `timeout` allows, and it is still busy. */
export class LockFileTimeout extends LockFileBusy {
  static override readonly CODE: string = "LOCK_TIMEOUT";
  override readonly name: string = "LockFileTimeout";
}

/** A synchronous wait for a lock that this very thread holds: it could never end. */
export class LockFileDeadlock extends LockFileBusy {
  static override readonly CODE: string = "LOCK_DEADLOCK";
  override readonly name: string = "LockFileDeadlock";
}

/** The lock file cannot be opened for writing (EACCES, EPERM, EROFS). */
export class LockFilePermissionDenied extends LockFileException {
  static override readonly CODE: string = "LOCK_PERMISSION_DENIED";
  override readonly name: string = "LockFilePermissionDenied";
}

/** The lock is held, and its file does not say by whom. */
export class LockFileParsingError extends LockFileException {
  static override readonly CODE: string = "LOCK_STAMP_GARBLED";
  override readonly name: string = "LockFileParsingError";
}

/** A parameter value that cannot be part of a lock file's name. */
export class LockFileNameError extends LockFileException {
  static override readonly CODE: string = "LOCK_NAME_INVALID";
  override readonly name: string = "LockFileNameError";
}

/** What stands at the path is a symbolic link, a FIFO, a directory, a device: not a lock file. */
export class LockFileUnsafe extends LockFileException {
  static override readonly CODE: string = "LOCK_UNSAFE";
  override readonly name: string = "LockFileUnsafe";
}

/** The native add-on of `fs-ext`, which calls flock(2), was not built or cannot be loaded. */
export class LockFileNativeMissing extends LockFileException {
  static override readonly CODE: string = "LOCK_NATIVE_MISSING";
  override readonly name: string = "LockFileNativeMissing";
}
