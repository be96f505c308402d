// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects all jobs.
 *
 * File: `old.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Deprecated: Use JobLock instead.
 *
 * @generated from locks.yaml, kind OldLock
 */
export class OldLock extends LockFile {
  static override readonly TEMPLATE: string = "old.lock";
  static override readonly LOCK_PATTERN: RegExp = /^old\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "OldLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(OldLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OldLock | null {
    const read = OldLock.read(path, []);
    return read && new OldLock(read.lockDirectory);
  }
}
