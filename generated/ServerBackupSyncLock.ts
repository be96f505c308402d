// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects one backup from multiple executions of the sync command.
 *
 * File: `.{serverName}-{backupId}-sync-backup.lock`, for example
 * `.main-20260101T120000-sync-backup.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ServerBackupSyncLock
 */
export class ServerBackupSyncLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-{backupId}-sync-backup.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[^/]+)-(?<backupId>[^-]+)-sync-backup\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName" | "backupId", RegExp>> = {
    serverName: /^[^/]+$/u,
    backupId: /^[^-]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 1,
    before: [],
    place: "locks.yaml: locks.ServerBackupSyncLock",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ServerBackupSyncLock";
  /** Name of the server, as in Barman's configuration. */
  readonly serverName: string;
  /** Identifier of the backup. */
  readonly backupId: string;

  constructor(
    lockDirectory: string | URL,
    serverName: string,
    backupId: string,
    options?: LockFileOptions
  ) {
    super(ServerBackupSyncLock.locate(lockDirectory, { serverName, backupId }), options);
    this.serverName = serverName;
    this.backupId = backupId;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerBackupSyncLock | null {
    const read = ServerBackupSyncLock.read(path, ["serverName", "backupId"]);
    return read && new ServerBackupSyncLock(read.lockDirectory, read.serverName, read.backupId);
  }
}
