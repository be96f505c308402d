import { createRequire } from "node:module";
import { LockFileNativeMissing } from "./errors.js";

/**
 * Takes the exclusive lock of an open file if no other open file has a lock on it. Never waits:
 * fs-ext's blocking calls stop the event loop (sync) or occupy its thread pool (async).
 *
 * @returns false where another open file has the lock, shared or exclusive.
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

/** Gives the lock back, also where a child process still has a copy of the descriptor. */
export function unlock(fd: number): void {
  const { flock, none } = native();
  flock(fd, none);
}

type Flock = (fd: number, operation: number) => void;

interface Native {
  readonly flock: Flock;
  readonly exclusive: number;
  readonly shared: number;
  readonly none: number;
}

/**
 * Loaded with this module and not at the first lock, when a process may have no descriptor left to load
 * it with. That it cannot be loaded is told at the first lock: names can be built and read without it.
 */
const loaded: Native | LockFileNativeMissing = load();

function native(): Native {
  if (loaded instanceof LockFileNativeMissing) throw loaded;
  return loaded;
}

function load(): Native | LockFileNativeMissing {
  try {
    const require = createRequire(import.meta.url);
    const { flockSync, constants } = require("fs-ext");
    return {
      flock: flockSync,
      exclusive: constants.LOCK_EX | constants.LOCK_NB,
      shared: constants.LOCK_SH | constants.LOCK_NB,
      none: constants.LOCK_UN,
    };
  } catch (cause) {
    return new LockFileNativeMissing(
      "The native add-on of fs-ext, which takes the lock, was not built for this Node.js. " +
        "Package managers may block install scripts: allow the one of fs-ext, have a C++ compiler, make and " +
        "Python at hand, and run `npm rebuild fs-ext` (pnpm: `pnpm rebuild fs-ext`, yarn: `yarn rebuild fs-ext`).",
      "fs-ext",
      cause,
    );
  }
}

function attempt(flock: Flock, fd: number, operation: number): boolean {
  for (;;) {
    try {
      flock(fd, operation);
      return true;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "EAGAIN" || code === "EWOULDBLOCK") return false;
      if (code !== "EINTR") throw error;
    }
  }
}
