// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects the hooks of a server.
 *
 * File: `.{serverName}-hook.lock`, for example `.main-hook.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind HookLock
 */
export class HookLock extends LockFile {
  static override readonly TEMPLATE: string = ".{serverName}-hook.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<serverName>[a-z]+)-hook\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"serverName", RegExp>> = {
    serverName: /^[a-z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "HookLock";
  readonly serverName: string;

  constructor(
    lockDirectory: string | URL,
    serverName: string,
    options?: LockFileOptions
  ) {
    super(HookLock.locate(lockDirectory, { serverName }), options);
    this.serverName = serverName;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): HookLock | null {
    const read = HookLock.read(path, ["serverName"]);
    return read && new HookLock(read.lockDirectory, read.serverName);
  }
}
