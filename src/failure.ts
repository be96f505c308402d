import { dirname } from "node:path";
import { performance } from "./clock.js";
import {
  type Circle,
  codeOf,
  isSystemError,
  LockFileBusy,
  LockFileDeadlock,
  LockFileException,
  LockFileNativeMissing,
  LockFilePermissionDenied,
  LockFileTimeout,
  LockHeldOtherwise,
  type LockHolder,
  LockLost,
  LockOutOfOrder,
  LockReleased,
  messageOf,
} from "./errors.js";
import { describeCircle } from "./holder/circle.js";
import {
  type Glimpse,
  lookForHolder,
  lookForHolderTogether,
  nameHolder,
} from "./holder/find-holder.js";
import type { Loss } from "./lock/held.js";
import type { LockMode } from "./options.js";
import { type Ordered, orderOf } from "./order.js";
import { visible } from "./text.js";

/** Why an acquire did not get the lock. */
export type Failure =
  | { readonly reason: "busy" | "deadlock" | "released" }
  | { readonly reason: "timeout"; readonly waited: number; readonly circle: Circle | null }
  | { readonly reason: "error"; readonly error: unknown };

interface Lock {
  readonly filename: string;
  toString(): string;
}

/** The error for a failure: which lock, which file, who holds it, and one thing to do about it. */
export function explainFailure(lock: Lock, failure: Failure): unknown {
  const { filename } = lock;
  switch (failure.reason) {
    case "busy": {
      const found = lookForHolder(filename);
      return new LockFileBusy(
        `${lock} is busy: ${visible(filename)} is held by ${nameHolder(found)}. ` +
          "Try again later, or acquire with { wait: true } or { timeout: ms } to wait for it.",
        filename,
        undefined,
        holderOf(found),
      );
    }
    case "timeout": {
      const found = lookForHolderTogether(filename, performance.now() - failure.waited);
      return new LockFileTimeout(
        `${lock} is still busy after ${Math.round(failure.waited)} ms: ${visible(filename)} is held by ` +
          `${nameHolder(found)}. ${adviseAfter(failure.circle)}`,
        filename,
        undefined,
        holderOf(found),
        failure.circle,
      );
    }
    case "deadlock": {
      const found = lookForHolder(filename);
      return new LockFileDeadlock(
        `${lock} would wait for itself: ${visible(filename)} is held by another LockFile object of this thread, ` +
          "which a synchronous wait stops. Release that one first, or wait with `await acquire()`.",
        filename,
        undefined,
        holderOf(found),
      );
    }
    case "released":
      return new LockReleased(
        `${lock} was released while an acquire of the same object waited for ${visible(filename)}. ` +
          "If two parts of a program take the lock independently, give each an object of its own.",
        filename,
      );
    case "error":
      return explainError(lock, failure.error);
  }
}

/** What to do about a lock that was waited for in vain. */
export function adviseAfter(circle: Circle | null): string {
  if (circle === null) return "See whether that process makes progress, or wait longer.";
  return (
    `Each of these waits for the lock of the next, which is a deadlock: ${describeCircle(circle)}. ` +
    "Take locks in the same order everywhere: withLocks does, and `before` in a spec says in which."
  );
}

function holderOf(found: Glimpse): LockHolder | null {
  if (typeof found === "string") return null;
  const { pid, command, started, since } = found;
  return { pid, command, started, since };
}

/** The code of the error for a failure, without making it. */
export function codeOfFailure(failure: Failure): string {
  if (failure.reason !== "error") return `LOCK_${failure.reason.toUpperCase()}`;
  return codeOf(failure.error) ?? "LOCK_FAILED";
}

/** The error for a lock that was lost while it was held. */
export function lostLock(lock: Lock, loss: Loss): LockLost {
  const { filename } = lock;
  const [what, remedy] = describeLoss(visible(filename), loss);
  return new LockLost(
    `${lock} was lost: ${what} while the lock was held, so that another process may hold it as well. ` +
      `Undo or check what was done under it, and ${remedy}. To take the lock again, release it first.`,
    filename,
    loss.how === "unseen" ? causeOf(loss.error) : undefined,
  );
}

/** The error for a lock that would be waited for, beside one that is held and comes later in the order. */
export function outOfOrder(lock: Lock & Ordered, held: Ordered): LockOutOfOrder {
  const [first, second] = [orderOf(lock), orderOf(held)];
  const places = `rank ${first?.rank} by ${first?.place}, and rank ${second?.rank} by ${second?.place}`;
  let reason = `their catalogue puts it first (${places}; at one rank, the name of the kind decides)`;
  if (lock.kind === held.kind)
    reason = `of one kind, the lesser file name comes first (${first?.place})`;
  else if (first?.before.includes(held.kind)) {
    reason = `${first.place} says that it is taken first (the other one: ${second?.place})`;
  }
  return new LockOutOfOrder(
    `${lock} would be waited for while ${held} is held, and ${reason}. Beside a program ` +
      "that keeps the order, each may wait for the other. Take it before the other one, take both with withLocks(), or " +
      "try it with { wait: false }, which cannot deadlock.",
    lock.filename,
  );
}

/** The error for a lock that the same object holds in another mode. */
export function heldOtherwise(lock: Lock, mode: LockMode | null): LockHeldOtherwise {
  const wish = mode === "shared" ? "alone" : "shared";
  return new LockHeldOtherwise(
    `${lock} is held ${mode === "shared" ? "shared" : "alone"} by this object, and cannot be held ${wish} as well: ` +
      "the system gives a lock up before it asks for it in another mode, so that somebody else may get it in between. " +
      "Release it, acquire it anew, and look again at what it protects.",
    lock.filename,
  );
}

function describeLoss(file: string, loss: Loss): readonly [what: string, remedy: string] {
  switch (loss.how) {
    case "removed":
    case "replaced":
      return [`${file} was ${loss.how}`, "find out who cleans up the lock directory"];
    case "closed":
      return [
        `the descriptor of ${file} was closed by other code of this program`,
        "find out which code closes a descriptor twice",
      ];
    case "unseen":
      return [
        `${file} cannot be seen any more (${messageOf(causeOf(loss.error))})`,
        "find out what changed on the way to it, or in the rights of this process",
      ];
  }
}

/** Makes an error from below say which lock it is about and what to do, and have the path of its file. */
export function explainError(lock: Lock, error: unknown): unknown {
  // That the add-on is missing is known before there is any lock.
  if (error instanceof LockFileNativeMissing) return withPath(error, lock);
  if (error instanceof LockFileException) {
    if (!error.message.startsWith(String(lock))) error.message = `${lock}: ${error.message}`;
    return error;
  }
  if (!isSystemError(error)) {
    return typeof error === "object" && error !== null ? withPath(error, lock) : error;
  }
  if (!error.message.startsWith(String(lock))) {
    const file = visible(lock.filename);
    const code = codeOf(error) ?? "";
    const remedy = remedyFor(code, lock.filename);
    const said = visible(messageOf(error));
    // Calls that get a descriptor do not know the path.
    const message = said.includes(file) ? said : `${said.trimEnd()} of ${file}`;
    error.message = `${lock}: ${message}${remedy === null ? "" : `. ${remedy}`}`;
    error.code = code;
  }
  return withPath(error, lock);
}

/**
 * Whether a failure means that someone else has the lock, or that it is not for this user, which `raiseIfFail: false`
 * makes `false`. A directory that is missing must not skip a job for ever.
 */
export function isForeign(failure: Failure): boolean {
  return failure.reason !== "error" || failure.error instanceof LockFilePermissionDenied;
}

function remedyFor(code: string | undefined, filename: string): string | null {
  const directory = visible(dirname(filename));
  switch (code) {
    case "ENOENT":
      return `The lock directory ${directory} does not exist: create it, or name the one that is there`;
    case "ENOTDIR":
      return `A part of ${directory} is not a directory: name a lock directory`;
    case "ELOOP":
      return `The links on the way to ${directory} lead in a circle: remove one, or name another lock directory`;
    case "ENAMETOOLONG":
      return "The path of the lock file is too long: choose a lock directory with a shorter one";
    case "EMFILE":
      return "This process has no descriptor left: release locks and close files, or raise its limit (ulimit -n)";
    case "ENFILE":
      return "The system has no descriptor left: raise fs.file-max, or find out which process has so many open";
    case "ENOSPC":
    case "EDQUOT":
      return `No space is left for a new file in ${directory}: free some`;
    case "ENOLCK":
      return "The system has no record left for a lock: see whether something keeps thousands of them";
    case "ENOMEM":
    case "ENOBUFS":
      return "The system has no memory left for it: see which process takes so much, or wait for the lock";
    case "EAGAIN":
    case "EBUSY":
    case "ETXTBSY":
      return "Another program uses the file otherwise than as a lock at this moment: try again, or wait for the lock";
    case "EIO":
    case "ESTALE":
      return `The file system of ${directory} is failing: see the kernel's log, and choose another lock directory`;
    case "EINVAL":
    case "ENOSYS":
    case "EOPNOTSUPP":
    case "ENOTSUP":
      return `The file system of ${directory} has no flock(2): choose a lock directory on a local one`;
    default:
      return null;
  }
}

/** What the system said, if that has been explained. */
function causeOf(error: unknown): unknown {
  return error instanceof LockFilePermissionDenied ? error.cause : error;
}

function withPath<E extends object>(error: E, { filename }: Lock): E {
  if ("path" in error && error.path === filename) return error;
  return Object.defineProperty(error, "path", {
    value: filename,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
