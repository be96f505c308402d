import type { LockMode } from "../options.js";
import { native } from "./native.js";
import { lockByDescriptor } from "./process.js";

/** Takes the lock of an open file in this mode, if nobody else has it in one that excludes that. Never waits. */
export function lockAs(mode: LockMode, fd: number): boolean {
  return mode === "shared" ? lockShared(fd) : lockExclusive(fd);
}

/**
 * Takes the exclusive lock of an open file if no other open file has a lock on it. Never waits:
 * fs-ext's blocking calls stop the event loop (sync) or occupy its thread pool (async).
 *
 * @returns false if another open file has the lock, shared or exclusive.
 */
export function lockExclusive(fd: number): boolean {
  return native().flock(fd, "exclusive");
}

/** Takes the shared lock if nobody has the exclusive one; an own exclusive lock becomes shared. Never waits. */
export function lockShared(fd: number): boolean {
  return native().flock(fd, "shared");
}

/**
 * Releases the lock, also if a child process still has a copy of the descriptor. Never throws: closing the descriptor
 * releases it as well.
 */
export function unlock(fd: number): void {
  try {
    native().flock(fd, "none");
  } catch {
    // ENOLCK, EIO: the file is closed next.
  }
}

/**
 * The same for a file that is closed next. Where a program would have to be started for it, closing alone releases the
 * lock: a child that is being started has its copy of the descriptor for less time than that takes.
 */
export function unlockToClose(fd: number): void {
  if (!triesAreSlow()) unlock(fd);
}

/** Whether each try starts a program, which stops the thread for some ms. */
export function triesAreSlow(): boolean {
  return native().program !== null;
}

/** Whether an open file has got a lock that a helper waits for, as far as that can be told in some µs. */
export function hasGot(mode: LockMode, fd: number): boolean {
  return triesAreSlow() ? lockByDescriptor(fd) === mode : lockAs(mode, fd);
}
