// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockFileRights } from "../../../../../src/index.js";

/**
 * Protects what its owner alone uses.
 *
 * File: `owner.lock`.
 *
 * Created with mode `0600` and group `backup`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind OwnerLock
 */
export class OwnerLock extends LockFile {
  static override readonly TEMPLATE: string = "owner.lock";
  static override readonly LOCK_PATTERN: RegExp = /^owner\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly FILE: LockFileRights = { mode: 0o600, group: "backup" };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "OwnerLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(OwnerLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OwnerLock | null {
    const read = OwnerLock.read(path, []);
    return read && new OwnerLock(read.lockDirectory);
  }
}
