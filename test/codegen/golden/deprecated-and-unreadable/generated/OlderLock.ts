// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what was before.
 *
 * File: `older-{user}.lock`, for example `older-user.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Deprecated: since 2.0. Use `NewLock`. Its files are gone with 3.0.
 *
 * @generated from locks.yaml, kind OlderLock
 */
export class OlderLock extends LockFile {
  static override readonly TEMPLATE: string = "older-{user}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^older-(?<user>[^/]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"user", RegExp>> = {
    user: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "OlderLock";
  readonly user: string;

  constructor(
    lockDirectory: string | URL,
    user: string,
    options?: LockFileOptions
  ) {
    super(OlderLock.locate(lockDirectory, { user }), options);
    this.user = user;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OlderLock | null {
    const read = OlderLock.read(path, ["user"]);
    return read && new OlderLock(read.lockDirectory, read.user);
  }
}
