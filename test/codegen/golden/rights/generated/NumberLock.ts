// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptionsWithDirectory, type LockFileRights } from "../../../../../src/index.js";

/**
 * Protects a row of numbers.
 *
 * File: `number.lock`.
 *
 * Directory: `/run/numbers`.
 *
 * Created with mode `0660` and group `34`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind NumberLock
 */
export class NumberLock extends LockFile {
  static override readonly TEMPLATE: string = "number.lock";
  static override readonly LOCK_PATTERN: RegExp = /^number\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DIRECTORY: string = "/run/numbers";
  static override readonly FILE: LockFileRights = { mode: 0o660, group: 34 };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "NumberLock";

  constructor(
    options?: LockFileOptionsWithDirectory
  ) {
    super(NumberLock.locate(options?.directory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): NumberLock | null {
    const read = NumberLock.read(path, []);
    return read && new NumberLock({ directory: read.lockDirectory });
  }
}
