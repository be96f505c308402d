import { visibleLines } from "../src/text.js";

/**
 * The generator could not do its work, for a reason outside the spec; the message says what to
 * do.
 */
export class CannotRun extends Error {
  /** Name of the class. */
  override readonly name = "CannotRun";

  /** The message names files, whose names may hold anything. */
  constructor(message: string, options?: ErrorOptions) {
    super(visibleLines(message), options);
  }
}

/** The system's refusal of some work, as a reason not to run; an error that is not the system's is a bug, and stays as it is. */
export function cannotRun(what: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  return new CannotRun(`${what}: ${error.message}`, { cause: error });
}

/** Whether an error is the system's with this code. */
export function isCode(error: unknown, code: string): boolean {
  return isSystemError(error) && error.code === code;
}

/** By its shape: in Jest, the system's errors are no instances of the Error that is seen here. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}
