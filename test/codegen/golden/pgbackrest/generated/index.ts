// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { ArchiveLock } from "./ArchiveLock.js";
import { BackupLock } from "./BackupLock.js";

export {
  ArchiveLock,
  BackupLock,
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
  | ArchiveLock
  | BackupLock;

/**
 * The lock files of pgBackRest, a backup program for PostgreSQL.
 *
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const pgbackrest: Catalogue<Lock> = new Catalogue<Lock>("pgbackrest", [
  ArchiveLock,
  BackupLock,
]);
