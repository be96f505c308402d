// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { AnyLock } from "./AnyLock.js";
import { EndsLock } from "./EndsLock.js";
import { StartsLock } from "./StartsLock.js";

export {
  AnyLock,
  EndsLock,
  StartsLock,
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
  | AnyLock
  | EndsLock
  | StartsLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const settled: Catalogue<Lock> = new Catalogue<Lock>("settled", [
  // Before EndsLock, which also reads "a-b": the spec says which precedes.
  // Before AnyLock, which also reads "a-x".
  StartsLock,
  // Before AnyLock, which also reads "y-b".
  EndsLock,
  AnyLock,
]);
