// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what was first.
 *
 * File: `oldest-{user}.lock`, for example `oldest-user.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Deprecated: Use `NewLock`.
 *
 * @generated from locks.yaml, kind OldestLock
 */
export class OldestLock extends LockFile {
  static override readonly TEMPLATE: string = "oldest-{user}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^oldest-(?<user>[^/]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"user", RegExp>> = {
    user: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "OldestLock";
  readonly user: string;

  constructor(
    lockDirectory: string | URL,
    user: string,
    options?: LockFileOptions
  ) {
    super(OldestLock.locate(lockDirectory, { user }), options);
    this.user = user;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OldestLock | null {
    const read = OldestLock.read(path, ["user"]);
    return read && new OldestLock(read.lockDirectory, read.user);
  }
}
