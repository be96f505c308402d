// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects a server from multiple executions of the cron command.
 *
 * File: `.{serverName}-cron.lock`, for example `.main-cron.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Taken before `ServerBackupIdLock`, `ServerBackupSyncLock`, `ServerWalArchiveLock`,
 * `ServerWalReceiveLock` and `ServerWalSyncLock` where a program holds both.
 *
 * @generated from locks.yaml, kind ServerCronLock
 */
export class ServerCronLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-cron.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[^/]+)-cron\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName", RegExp>> = {
    serverName: /^[^/]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 0,
    before: [
      "ServerBackupIdLock",
      "ServerBackupSyncLock",
      "ServerWalArchiveLock",
      "ServerWalReceiveLock",
      "ServerWalSyncLock",
    ],
    place: "locks.yaml: locks.ServerCronLock.before",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ServerCronLock";
  /** Name of the server, as in Barman's configuration. */
  readonly serverName: string;

  constructor(
    lockDirectory: string | URL,
    serverName: string,
    options?: LockFileOptions
  ) {
    super(ServerCronLock.locate(lockDirectory, { serverName }), options);
    this.serverName = serverName;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerCronLock | null {
    const read = ServerCronLock.read(path, ["serverName"]);
    return read && new ServerCronLock(read.lockDirectory, read.serverName);
  }
}
