// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects a server from multiple executions of the wal-archive command.
 *
 * File: `.{serverName}-archive-wal.lock`, for example `.main-archive-wal.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Taken before `ServerXLOGDBLock` where a program holds both.
 *
 * @generated from locks.yaml, kind ServerWalArchiveLock
 */
export class ServerWalArchiveLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-archive-wal.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[^/]+)-archive-wal\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName", RegExp>> = {
    serverName: /^[^/]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 1,
    before: [
      "ServerXLOGDBLock",
    ],
    place: "locks.yaml: locks.ServerWalArchiveLock.before",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ServerWalArchiveLock";
  /** Name of the server, as in Barman's configuration. */
  readonly serverName: string;

  constructor(
    lockDirectory: string | URL,
    serverName: string,
    options?: LockFileOptions
  ) {
    super(ServerWalArchiveLock.locate(lockDirectory, { serverName }), options);
    this.serverName = serverName;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerWalArchiveLock | null {
    const read = ServerWalArchiveLock.read(path, ["serverName"]);
    return read && new ServerWalArchiveLock(read.lockDirectory, read.serverName);
  }
}
