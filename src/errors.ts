import { constants } from "node:os";

/** Where each code has a heading that says more. */
const ERRORS = "https://github.com/lock-catalogue/lock-catalogue/blob/main/docs/errors.md";

/** A sentence that leads to what the documents say of a code. */
export function seeAlso(code: string): string {
  return `See ${ERRORS}#${code.toLowerCase()}.`;
}

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
  /** Stable across versions; docs/errors.md has a heading for each, to which the message leads. */
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
    super(`${message} ${seeAlso(CODE)}`, cause === undefined ? undefined : { cause });
    this.code = CODE;
    this.path = path;
  }
}

/** Who held a lock at the moment of an error. */
export interface LockHolder {
  /** Its PID, in this process's PID namespace. */
  readonly pid: number;
  /** Its command line; null if the system does not tell. Passwords may stand in it: think before you log it. */
  readonly command: string | null;
  /** When it was started, to a second or so; null if the system does not tell. */
  readonly started: Date | null;
  /** When it wrote its PID into the file; null if the PID in the file is not its own. */
  readonly since: Date | null;
}

/** A process of a {@link Circle}: the one before it waits for the lock that it holds, and it waits for that of the next. */
export interface CircleMember {
  /** Its PID, in this process's PID namespace. */
  readonly pid: number;
  /** Name of the kind of the lock that it holds; null if only other processes hold and want it, which keep it to themselves. */
  readonly kind: string | null;
  /** Absolute path of that lock; null if the system does not tell. */
  readonly path: string | null;
}

/**
 * Processes that wait for each other: this one first, the last one waits for it. As long as none of them gives up or
 * releases, none goes on: a deadlock, unless another part of one of them releases meanwhile.
 */
export type Circle = readonly CircleMember[];

/** Another holder has the lock. */
export class LockFileBusy extends LockFileException {
  static override readonly CODE: string = "LOCK_BUSY";
  override readonly name: string = "LockFileBusy";
  /** Who has it; null if that cannot be told, or it is free by now. Not enumerable, so that no logger prints it unasked. */
  declare readonly holder: LockHolder | null;

  /** For the package's own use, as that of {@link LockFileException}. */
  constructor(message: string, path: string, cause?: unknown, holder: LockHolder | null = null) {
    super(message, path, cause);
    Object.defineProperty(this, "holder", { value: holder });
  }
}

/** The lock was waited for as long as `timeout` allows, and it is still busy. */
export class LockFileTimeout extends LockFileBusy {
  static override readonly CODE: string = "LOCK_TIMEOUT";
  override readonly name: string = "LockFileTimeout";
  /** The processes that wait for each other, this one among them; null if no such circle was seen. Not enumerable. */
  declare readonly circle: Circle | null;

  /** For the package's own use, as that of {@link LockFileException}. */
  constructor(
    message: string,
    path: string,
    cause?: unknown,
    holder: LockHolder | null = null,
    circle: Circle | null = null,
  ) {
    super(message, path, cause, holder);
    Object.defineProperty(this, "circle", { value: circle });
  }
}

/** A synchronous wait for a lock that this very thread holds: it could never end. */
export class LockFileDeadlock extends LockFileBusy {
  static override readonly CODE: string = "LOCK_DEADLOCK";
  override readonly name: string = "LockFileDeadlock";
}

/**
 * The object holds the lock in the other mode. flock(2) gives a lock up before it asks for it in another mode, so that
 * somebody else may get it in between: therefore an upgrade and a downgrade are not offered.
 */
export class LockHeldOtherwise extends LockFileException {
  static override readonly CODE: string = "LOCK_HELD_OTHERWISE";
  override readonly name: string = "LockHeldOtherwise";
}

/**
 * The lock was to be waited for inside the `withLock` of one that the order of their catalogue puts after it: beside a
 * program that keeps the order, each would wait for the other.
 */
export class LockOutOfOrder extends LockFileException {
  static override readonly CODE: string = "LOCK_ORDER";
  override readonly name: string = "LockOutOfOrder";
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

/**
 * The file at the path was removed or replaced while the lock was held: from then on it excluded nobody who
 * came later. On many hosts: the server ended the session that had the lock.
 */
export class LockLost extends LockFileException {
  static override readonly CODE: string = "LOCK_LOST";
  override readonly name: string = "LockLost";
}

/** The object was released or disposed while this acquire waited, so that there is nobody to hold the lock. */
export class LockReleased extends LockFileException {
  static override readonly CODE: string = "LOCK_RELEASED";
  override readonly name: string = "LockReleased";
}

/**
 * The locks of a PostgreSQL server would exclude nobody for certain: it is a standby, or older than 14, or a pooler
 * stands in between.
 */
export class LockServerUnsuitable extends LockFileException {
  static override readonly CODE: string = "LOCK_SERVER_UNSUITABLE";
  override readonly name: string = "LockServerUnsuitable";
}

/** The native add-on of `fs-ext`, which calls flock(2), was not built or cannot be loaded. */
export class LockFileNativeMissing extends LockFileException {
  static override readonly CODE: string = "LOCK_NATIVE_MISSING";
  override readonly name: string = "LockFileNativeMissing";
}

/**
 * The `code` of an error, such as "ENOENT"; undefined if it has none. Goes by the shape: in Jest and in
 * vitest's `vmThreads`, errors of the system are no `instanceof Error` of the code that runs there.
 */
export function codeOf(error: unknown): string | undefined {
  const code = propertyOf(error, "code");
  if (typeof code !== "string") return undefined;
  return code.replace(UNNAMED, nameOfNumber);
}

/** libuv knows no name of EDQUOT, ESTALE and others. */
const UNNAMED = /^Unknown system error -(\d+)/;

function nameOfNumber(unnamed: string, number: string): string {
  const errnos = Object.entries(constants.errno);
  return errnos.find(([, errno]) => errno === Number(number))?.[0] ?? unnamed;
}

/** Whether a value is an error of the system: it has a code, and names the call that failed. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return codeOf(error) !== undefined && typeof propertyOf(error, "syscall") === "string";
}

/**
 * Whether an error of the system may pass by itself: something is short or in use for a moment. Whoever waits for a lock
 * waits for that too.
 */
export function mayPass(error: unknown): boolean {
  return isSystemError(error) && PASSING.has(codeOf(error) ?? "");
}

/** ESTALE: the next open finds the file anew. EAGAIN of an open: another process gives up its lease of the file. */
const PASSING: ReadonlySet<string> = new Set([
  ...["EAGAIN", "EBUSY", "EINTR", "ETXTBSY", "ESTALE"],
  ...["EMFILE", "ENFILE", "ENOLCK", "ENOMEM", "ENOBUFS"],
]);

/** What an error says; a value that is thrown may be anything. */
export function messageOf(error: unknown): string {
  const message = propertyOf(error, "message");
  return typeof message === "string" ? message.replace(UNNAMED, nameOfNumber) : String(error);
}

/** The name of an error's class, as it says itself; undefined for anything else. */
export function nameOf(error: unknown): string | undefined {
  const name = propertyOf(error, "name");
  return typeof name === "string" ? name : undefined;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? Reflect.get(value, name)
    : undefined;
}
