// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects a server from multiple executions of the sync-wal command.
 *
 * File: `.{serverName}-sync-wal.lock`, for example `.main-sync-wal.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * Taken before `ServerXLOGDBLock` where a program holds both.
 *
 * @generated from locks.yaml, kind ServerWalSyncLock
 */
export class ServerWalSyncLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-sync-wal.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[^/]+)-sync-wal\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName", RegExp>> = {
    serverName: /^[^/]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 1,
    before: [
      "ServerXLOGDBLock",
    ],
    place: "locks.yaml: locks.ServerWalSyncLock.before",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: true };

  override readonly kind = "ServerWalSyncLock";
  /** Name of the server, as in Barman's configuration. */
  readonly serverName: string;

  constructor(
    lockDirectory: string | URL,
    serverName: string,
    options?: LockFileOptions
  ) {
    super(ServerWalSyncLock.locate(lockDirectory, { serverName }), options);
    this.serverName = serverName;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerWalSyncLock | null {
    const read = ServerWalSyncLock.read(path, ["serverName"]);
    return read && new ServerWalSyncLock(read.lockDirectory, read.serverName);
  }
}
