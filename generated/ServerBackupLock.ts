// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects a server from multiple executions of the backup command.
 *
 * File: `.{serverName}-backup.lock`, for example `.main-backup.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Taken before `ServerBackupIdLock`, `ServerWalArchiveLock` and `ServerXLOGDBLock` where a program
 * holds both.
 *
 * @generated from locks.yaml, kind ServerBackupLock
 */
export class ServerBackupLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-backup.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[^/]+)-backup\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName", RegExp>> = {
    serverName: /^[^/]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 0,
    before: [
      "ServerBackupIdLock",
      "ServerWalArchiveLock",
      "ServerXLOGDBLock",
    ],
    place: "locks.yaml: locks.ServerBackupLock.before",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ServerBackupLock";
  /** Name of the server, as in Barman's configuration. */
  readonly serverName: string;

  constructor(
    lockDirectory: string | URL,
    serverName: string,
    options?: LockFileOptions
  ) {
    super(ServerBackupLock.locate(lockDirectory, { serverName }), options);
    this.serverName = serverName;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerBackupLock | null {
    const read = ServerBackupLock.read(path, ["serverName"]);
    return read && new ServerBackupLock(read.lockDirectory, read.serverName);
  }
}
