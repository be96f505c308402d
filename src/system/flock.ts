import { codeOf } from "../errors.js";
import type { LockMode } from "../options.js";
import { type Native, native } from "./native.js";

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
  const { flock, exclusive } = native();
  return attempt(flock, fd, exclusive);
}

/** Takes the shared lock if nobody has the exclusive one; an own exclusive lock becomes shared. Never waits. */
export function lockShared(fd: number): boolean {
  const { flock, shared } = native();
  return attempt(flock, fd, shared);
}

/**
 * Releases the lock, also if a child process still has a copy of the descriptor. Never throws: closing the descriptor
 * releases it as well.
 */
export function unlock(fd: number): void {
  const { flock, none } = native();
  try {
    attempt(flock, fd, none);
  } catch {
    // ENOLCK, EIO: the file is closed next.
  }
}

function attempt(flock: Native["flock"], fd: number, operation: number): boolean {
  for (;;) {
    try {
      flock(fd, operation);
      return true;
    } catch (error) {
      const code = codeOf(error);
      // The same number on Linux and macOS, and the one or the other name of it.
      if (code === "EAGAIN" || code === "EWOULDBLOCK") return false;
      if (code !== "EINTR") throw error;
    }
  }
}
