// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { OnlyLock } from "./OnlyLock.js";

export {
  OnlyLock,
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
  | OnlyLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const untested: Catalogue<Lock> = new Catalogue<Lock>("untested", [
  OnlyLock,
]);
