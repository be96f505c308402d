// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what nobody needs to find.
 *
 * File: `blind-{user}.lock`, for example `blind-user.lock`.
 *
 * Its names cannot be read back.
 *
 * Does not wait unless asked to: a busy lock returns `false` at once.
 *
 * @generated from locks.yaml, kind BlindLock
 */
export class BlindLock extends LockFile {
  static override readonly TEMPLATE: string = "blind-{user}.lock";
  static override readonly LOCK_PATTERN: null = null;
  static override readonly PARAMETERS: Readonly<Record<"user", RegExp>> = {
    user: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: false, wait: false };

  override readonly kind = "BlindLock";
  readonly user: string;

  constructor(
    lockDirectory: string | URL,
    user: string,
    options?: LockFileOptions
  ) {
    super(BlindLock.locate(lockDirectory, { user }), options);
    this.user = user;
  }

  /** `null` for every path: names of this kind cannot be read back. */
  static override buildIfMatches(path: string): BlindLock | null {
    const read = BlindLock.read(path, ["user"]);
    return read && new BlindLock(read.lockDirectory, read.user);
  }
}
