// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../src/index.js";
import { ConfigUpdateLock } from "./ConfigUpdateLock.js";
import { GlobalCronLock } from "./GlobalCronLock.js";
import { ServerBackupIdLock } from "./ServerBackupIdLock.js";
import { ServerBackupLock } from "./ServerBackupLock.js";
import { ServerBackupSyncLock } from "./ServerBackupSyncLock.js";
import { ServerCronLock } from "./ServerCronLock.js";
import { ServerWalArchiveLock } from "./ServerWalArchiveLock.js";
import { ServerWalReceiveLock } from "./ServerWalReceiveLock.js";
import { ServerWalSyncLock } from "./ServerWalSyncLock.js";
import { ServerXLOGDBLock } from "./ServerXLOGDBLock.js";

export {
  ConfigUpdateLock,
  GlobalCronLock,
  ServerBackupIdLock,
  ServerBackupLock,
  ServerBackupSyncLock,
  ServerCronLock,
  ServerWalArchiveLock,
  ServerWalReceiveLock,
  ServerWalSyncLock,
  ServerXLOGDBLock,
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
} from "../src/index.js";

/** Any lock of this catalogue; `kind` says which. */
export type Lock =
  | ConfigUpdateLock
  | GlobalCronLock
  | ServerBackupIdLock
  | ServerBackupLock
  | ServerBackupSyncLock
  | ServerCronLock
  | ServerWalArchiveLock
  | ServerWalReceiveLock
  | ServerWalSyncLock
  | ServerXLOGDBLock;

/**
 * The lock files of Barman, the PostgreSQL backup manager.
 *
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const barman: Catalogue<Lock> = new Catalogue<Lock>("barman", [
  // Before ServerBackupIdLock, which also reads ".config-update.lock".
  ConfigUpdateLock,
  GlobalCronLock,
  // Before ServerBackupLock and ServerBackupIdLock, which also read ".main-20260101T120000-sync-backup.lock".
  ServerBackupSyncLock,
  // Before ServerBackupIdLock, which also reads ".main-backup.lock".
  ServerBackupLock,
  // Before ServerBackupIdLock, which also reads ".main-cron.lock".
  ServerCronLock,
  // Before ServerBackupIdLock, which also reads ".main-archive-wal.lock".
  ServerWalArchiveLock,
  // Before ServerBackupIdLock, which also reads ".main-receive-wal.lock".
  ServerWalReceiveLock,
  // Before ServerBackupIdLock, which also reads ".main-sync-wal.lock".
  ServerWalSyncLock,
  // Before ServerBackupIdLock, which also reads ".main-xlogdb.lock".
  ServerXLOGDBLock,
  ServerBackupIdLock,
]);
