// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects a backup that is in use from being changed.
 *
 * File: `.{serverName}-{backupId}.lock`, for example `.main-20260101T120000.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Taken before `ServerXLOGDBLock` where a program holds both.
 *
 * @generated from locks.yaml, kind ServerBackupIdLock
 */
export class ServerBackupIdLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-{backupId}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[^/]+)-(?<backupId>[^-]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName" | "backupId", RegExp>> = {
    serverName: /^[^/]+$/u,
    backupId: /^[^-]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 1,
    before: [
      "ServerXLOGDBLock",
    ],
    place: "locks.yaml: locks.ServerBackupIdLock.before",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ServerBackupIdLock";
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
    super(ServerBackupIdLock.locate(lockDirectory, { serverName, backupId }), options);
    this.serverName = serverName;
    this.backupId = backupId;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerBackupIdLock | null {
    const read = ServerBackupIdLock.read(path, ["serverName", "backupId"]);
    return read && new ServerBackupIdLock(read.lockDirectory, read.serverName, read.backupId);
  }
}
