// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { BackupIdLock } from "./BackupIdLock.js";
import { GlobalLock } from "./GlobalLock.js";
import { PlainLock } from "./PlainLock.js";
import { ShardLock } from "./ShardLock.js";

export {
  BackupIdLock,
  GlobalLock,
  PlainLock,
  ShardLock,
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
  | BackupIdLock
  | GlobalLock
  | PlainLock
  | ShardLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const named: Catalogue<Lock> = new Catalogue<Lock>("named", [
  BackupIdLock,
  GlobalLock,
  PlainLock,
  ShardLock,
]);
