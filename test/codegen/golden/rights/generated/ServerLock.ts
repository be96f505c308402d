// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockFileRights } from "../../../../../src/index.js";

/**
 * Protects a server.
 *
 * File: `.{server}.lock`, for example `.main.lock`.
 *
 * Created with mode `0660` and group `backup`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ServerLock
 */
export class ServerLock extends LockFile {
  static override readonly TEMPLATE: string = ".{server}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<server>[a-z]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"server", RegExp>> = {
    server: /^[a-z]+$/u,
  };
  static override readonly FILE: LockFileRights = { mode: 0o660, group: "backup" };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ServerLock";
  /** Name of the server. */
  readonly server: string;

  constructor(
    lockDirectory: string | URL,
    server: string,
    options?: LockFileOptions
  ) {
    super(ServerLock.locate(lockDirectory, { server }), options);
    this.server = server;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ServerLock | null {
    const read = ServerLock.read(path, ["server"]);
    return read && new ServerLock(read.lockDirectory, read.server);
  }
}
