// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects something.
 *
 * File: `only.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind OnlyLock
 */
export class OnlyLock extends LockFile {
  static override readonly TEMPLATE: string = "only.lock";
  static override readonly LOCK_PATTERN: RegExp = /^only\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "OnlyLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(OnlyLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OnlyLock | null {
    const read = OnlyLock.read(path, []);
    return read && new OnlyLock(read.lockDirectory);
  }
}
