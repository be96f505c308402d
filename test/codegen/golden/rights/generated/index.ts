// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { NumberLock } from "./NumberLock.js";
import { OwnerLock } from "./OwnerLock.js";
import { ServerLock } from "./ServerLock.js";
import { StatusLock } from "./StatusLock.js";

export {
  NumberLock,
  OwnerLock,
  ServerLock,
  StatusLock,
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
  | NumberLock
  | OwnerLock
  | ServerLock
  | StatusLock;

/**
 * Locks of several users.
 *
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const shared: Catalogue<Lock> = new Catalogue<Lock>("shared", [
  NumberLock,
  OwnerLock,
  ServerLock,
  StatusLock,
]);
