// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects access to a server's xlogdb.
 *
 * File: `.{serverName}-xlogdb.lock`, for example `.main-xlogdb.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * @generated from locks.yaml, kind ServerXLOGDBLock
 */
export class ServerXLOGDBLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-xlogdb.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[^/]+)-xlogdb\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName", RegExp>> = {
    serverName: /^[^/]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 2,
    before: [],
    place: "locks.yaml: locks.ServerXLOGDBLock",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: true };

  override readonly kind = "ServerXLOGDBLock";
  /** Name of the server, as in Barman's configuration. */
  readonly serverName: string;

  constructor(
    lockDirectory: string | URL,
    serverName: string,
    options?: LockFileOptions
  ) {
    super(ServerXLOGDBLock.locate(lockDirectory, { serverName }), options);
    this.serverName = serverName;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerXLOGDBLock | null {
    const read = ServerXLOGDBLock.read(path, ["serverName"]);
    return read && new ServerXLOGDBLock(read.lockDirectory, read.serverName);
  }
}
