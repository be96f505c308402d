// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects everything, and has no values.
 *
 * File: `global.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind GlobalLock
 */
export class GlobalLock extends LockFile {
  static override readonly TEMPLATE: string = "global.lock";
  static override readonly LOCK_PATTERN: RegExp = /^global\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "GlobalLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(GlobalLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): GlobalLock | null {
    const read = GlobalLock.read(path, []);
    return read && new GlobalLock(read.lockDirectory);
  }
}
