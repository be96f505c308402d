import { accessSync, constants, statSync, writeSync } from "node:fs";
import { codeOf } from "../errors.js";
import { visible } from "../text.js";

/** The exit codes of every command but `run` and `who`. */
export const EXIT = {
  fine: 0,
  /** Something differs, or is not valid. */
  different: 1,
  couldNotRun: 2,
} as const;

/** The exit codes of `run` itself: those of env(1), nice(1) and timeout(1), beside sysexits' EX_TEMPFAIL. */
export const RUN = {
  conflict: 75,
  /** EX_PROTOCOL: the lock was lost while the command ran. */
  lost: 76,
  couldNotRun: 125,
  notExecutable: 126,
  notFound: 127,
} as const;

/** The exit codes of `who`, for `if lock-catalogue who …; then`. */
export const WHO = { held: 0, free: 1 } as const;

/** A command cannot do what it was asked to; the message says why, and what to do about it. */
export class CannotRun extends Error {
  override readonly name = "CannotRun";
  /** Lines that are printed in front of the message; what is in them is visible already. */
  readonly details: string;

  constructor(message: string, { details = "", ...options }: ErrorOptions & Details = {}) {
    super(message, options);
    this.details = details;
  }
}

interface Details {
  readonly details?: string;
}

/** @throws CannotRun if this is not a directory: a mistyped one must not look like one without locks. */
export function requireDirectory(path: string): void {
  // As of `--directory "$LOCKS"` where the variable is not set.
  if (path === "") throw new CannotRun("the path of the directory is empty: name one");
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw new CannotRun(`there is no directory ${visible(path)}`);
  if (!status.isDirectory()) throw new CannotRun(`${visible(path)} is not a directory`);
}

/** @throws CannotRun if this user may not list a directory. */
export function requireListable(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.X_OK);
  } catch (cause) {
    if (codeOf(cause) !== "EACCES") return; // It is told when the directory is read.
    throw new CannotRun(
      `no permission to list ${visible(path)} (EACCES): run it as the user who owns the directory`,
      { cause },
    );
  }
}

/**
 * Prints a message of this program to standard error, with its name in front, and above it the lines that it is about. Not by `process.stderr`, which
 * makes a pipe non-blocking also for the command of `run`, and ends the program if its reader is gone.
 */
export function complain(message: string, details = ""): void {
  try {
    writeSync(2, `${details && `${details}\n`}lock-catalogue: ${visible(message)}\n`);
  } catch {
    // Nobody reads it.
  }
}
