// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what was.
 *
 * File: `old-{user}.lock`, for example `old-user.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Deprecated: Use NewLock instead, which waits.
 *
 * @generated from locks.yaml, kind OldLock
 */
export class OldLock extends LockFile {
  static override readonly TEMPLATE: string = "old-{user}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^old-(?<user>[^/]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"user", RegExp>> = {
    user: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "OldLock";
  readonly user: string;

  constructor(
    lockDirectory: string | URL,
    user: string,
    options?: LockFileOptions
  ) {
    super(OldLock.locate(lockDirectory, { user }), options);
    this.user = user;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OldLock | null {
    const read = OldLock.read(path, ["user"]);
    return read && new OldLock(read.lockDirectory, read.user);
  }
}
