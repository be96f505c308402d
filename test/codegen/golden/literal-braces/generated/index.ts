// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { BracedLock } from "./BracedLock.js";
import { EmptyBracesLock } from "./EmptyBracesLock.js";

export {
  BracedLock,
  EmptyBracesLock,
};

export {
  LockFileBusy,
  LockFileDeadlock,
  LockFileException,
  LockFileNameError,
  LockFileNativeMissing,
  LockFileParsingError,
  LockFilePermissionDenied,
  LockFileTimeout,
  LockFileUnsafe,
  LockHeldOtherwise,
  LockLost,
  LockOutOfOrder,
  LockReleased,
  LockServerUnsuitable,
} from "../../../../../src/index.js";

/** Any lock of this catalogue; `kind` says which. */
export type Lock =
  | BracedLock
  | EmptyBracesLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const braces: Catalogue<Lock> = new Catalogue<Lock>("braces", [
  BracedLock,
  EmptyBracesLock,
]);
