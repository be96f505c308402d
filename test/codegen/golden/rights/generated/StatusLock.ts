// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockFileRights } from "../../../../../src/index.js";

/**
 * Protects what all may read.
 *
 * File: `status.lock`.
 *
 * Created with mode `0664` and group `backup`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Readers may share it: `{ mode: "shared" }`.
 *
 * @generated from locks.yaml, kind StatusLock
 */
export class StatusLock extends LockFile {
  static override readonly TEMPLATE: string = "status.lock";
  static override readonly LOCK_PATTERN: RegExp = /^status\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly FILE: LockFileRights = { mode: 0o664, group: "backup" };
  static override readonly SHARED: boolean = true;
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "StatusLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(StatusLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): StatusLock | null {
    const read = StatusLock.read(path, []);
    return read && new StatusLock(read.lockDirectory);
  }
}
