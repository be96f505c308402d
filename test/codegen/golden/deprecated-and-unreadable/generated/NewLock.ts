// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what is.
 *
 * File: `new-{user}.lock`, for example `new-user.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`). A failure returns `false` instead of
 * throwing.
 *
 * @generated from locks.yaml, kind NewLock
 */
export class NewLock extends LockFile {
  static override readonly TEMPLATE: string = "new-{user}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^new-(?<user>[^/]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"user", RegExp>> = {
    user: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: false, wait: true };

  override readonly kind = "NewLock";
  readonly user: string;

  constructor(
    lockDirectory: string | URL,
    user: string,
    options?: LockFileOptions
  ) {
    super(NewLock.locate(lockDirectory, { user }), options);
    this.user = user;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): NewLock | null {
    const read = NewLock.read(path, ["user"]);
    return read && new NewLock(read.lockDirectory, read.user);
  }
}
