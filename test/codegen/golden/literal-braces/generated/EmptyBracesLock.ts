// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects nothing in particular.
 *
 * File: `{}.(lock)`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind EmptyBracesLock
 */
export class EmptyBracesLock extends LockFile {
  static override readonly TEMPLATE: string = "{{}}.(lock)";
  static override readonly LOCK_PATTERN: RegExp = /^\{\}\.\(lock\)$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "EmptyBracesLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(EmptyBracesLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): EmptyBracesLock | null {
    const read = EmptyBracesLock.read(path, []);
    return read && new EmptyBracesLock(read.lockDirectory);
  }
}
