// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects a server from multiple executions of the receive-wal command.
 *
 * File: `.{serverName}-receive-wal.lock`, for example `.main-receive-wal.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ServerWalReceiveLock
 */
export class ServerWalReceiveLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-receive-wal.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[^/]+)-receive-wal\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName", RegExp>> = {
    serverName: /^[^/]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 1,
    before: [],
    place: "locks.yaml: locks.ServerWalReceiveLock",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ServerWalReceiveLock";
  /** Name of the server, as in Barman's configuration. */
  readonly serverName: string;

  constructor(
    lockDirectory: string | URL,
    serverName: string,
    options?: LockFileOptions
  ) {
    super(ServerWalReceiveLock.locate(lockDirectory, { serverName }), options);
    this.serverName = serverName;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerWalReceiveLock | null {
    const read = ServerWalReceiveLock.read(path, ["serverName"]);
    return read && new ServerWalReceiveLock(read.lockDirectory, read.serverName);
  }
}
