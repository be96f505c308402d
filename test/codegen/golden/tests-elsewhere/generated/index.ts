// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { JobLock } from "./JobLock.js";
import { OldLock } from "./OldLock.js";

export {
  JobLock,
  /** @deprecated Use JobLock instead. */
  OldLock,
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
  | JobLock
  | OldLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const elsewhere: Catalogue<Lock> = new Catalogue<Lock>("elsewhere", [
  // Before JobLock, which also reads "old.lock".
  OldLock,
  JobLock,
]);
