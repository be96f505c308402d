import {
  LockFileBusy,
  LockFileDeadlock,
  LockFileException,
  LockFileNativeMissing,
  LockFileTimeout,
} from "./errors.js";
import { describeHolder } from "./holder/describe-holder.js";
import { visible } from "./text.js";

/** Why an acquire did not get the lock. */
export type Failure =
  | { readonly reason: "busy" | "deadlock" }
  | { readonly reason: "timeout"; readonly waited: number }
  | { readonly reason: "error"; readonly error: unknown };

interface Lock {
  readonly filename: string;
  toString(): string;
}

/** The error for a failure: which lock, which file, who holds it, and one thing to do about it. */
export function explainFailure(lock: Lock, failure: Failure): unknown {
  const { filename } = lock;
  switch (failure.reason) {
    case "busy":
      return new LockFileBusy(
        `${lock} is busy: ${visible(filename)} is held by ${describeHolder(filename)}. ` +
          "Try again later, or acquire with { wait: true } or { timeout: ms } to wait for it.",
        filename,
      );
    case "timeout":
      return new LockFileTimeout(
        `${lock} is still busy after ${Math.round(failure.waited)} ms: ${visible(filename)} is held by ` +
          `${describeHolder(filename)}. See whether that process makes progress, or wait longer.`,
        filename,
      );
    case "deadlock":
      return new LockFileDeadlock(
        `${lock} would wait for itself: ${visible(filename)} is held by another LockFile object of this thread, ` +
          "which a synchronous wait stops. Release that one first, or wait with `await acquire()`.",
        filename,
      );
    case "error":
      return explainError(lock, failure.error);
  }
}

/** Makes an error from below say which lock it is about, and have the path of its file. */
export function explainError(lock: Lock, error: unknown): unknown {
  // That the add-on is missing is known before there is any lock.
  if (error instanceof LockFileNativeMissing) return withPath(error, lock);
  if (error instanceof LockFileException) {
    if (!error.message.startsWith(String(lock))) error.message = `${lock}: ${error.message}`;
    return error;
  }
  return error instanceof Error && !("path" in error) ? withPath(error, lock) : error;
}

/** Whether a failure is not about the lock, so that `raiseIfFail: false` must not hide it. */
export function isBroken(failure: Failure): boolean {
  return failure.reason === "error" && failure.error instanceof LockFileNativeMissing;
}

function withPath(error: Error, { filename }: Lock): Error {
  return Object.defineProperty(error, "path", { value: filename, enumerable: true });
}
