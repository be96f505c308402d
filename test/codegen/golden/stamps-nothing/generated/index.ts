// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { ClusterStateLock } from "./ClusterStateLock.js";
import { QueueLock } from "./QueueLock.js";

export {
  ClusterStateLock,
  QueueLock,
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
  | ClusterStateLock
  | QueueLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const states: Catalogue<Lock> = new Catalogue<Lock>("states", [
  ClusterStateLock,
  QueueLock,
]);
