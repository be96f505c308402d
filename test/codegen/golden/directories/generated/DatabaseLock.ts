// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptionsWithDirectory } from "../../../../../src/index.js";

/**
 * Protects the database of packages.
 *
 * File: `lock`.
 *
 * Directory: `/var/lib/packages`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind DatabaseLock
 */
export class DatabaseLock extends LockFile {
  static override readonly TEMPLATE: string = "lock";
  static override readonly LOCK_PATTERN: RegExp = /^lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DIRECTORY: string = "/var/lib/packages";
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "DatabaseLock";

  constructor(
    options?: LockFileOptionsWithDirectory
  ) {
    super(DatabaseLock.locate(options?.directory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): DatabaseLock | null {
    const read = DatabaseLock.read(path, []);
    return read && new DatabaseLock({ directory: read.lockDirectory });
  }
}
