// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects the desk, which is nobody's to share.
 *
 * File: `desk.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind DeskLock
 */
export class DeskLock extends LockFile {
  static override readonly TEMPLATE: string = "desk.lock";
  static override readonly LOCK_PATTERN: RegExp = /^desk\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "DeskLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(DeskLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): DeskLock | null {
    const read = DeskLock.read(path, []);
    return read && new DeskLock(read.lockDirectory);
  }
}
