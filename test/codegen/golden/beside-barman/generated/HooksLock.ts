// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects all hooks, by a name that no lock of Barman has.
 *
 * File: `hooks.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind HooksLock
 */
export class HooksLock extends LockFile {
  static override readonly TEMPLATE: string = "hooks.lock";
  static override readonly LOCK_PATTERN: RegExp = /^hooks\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "HooksLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(HooksLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): HooksLock | null {
    const read = HooksLock.read(path, []);
    return read && new HooksLock(read.lockDirectory);
  }
}
