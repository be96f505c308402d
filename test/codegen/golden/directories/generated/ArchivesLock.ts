// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptionsWithDirectory } from "../../../../../src/index.js";

/**
 * Protects the packages that were fetched.
 *
 * File: `lock`.
 *
 * Directory: `/var/cache/archives`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ArchivesLock
 */
export class ArchivesLock extends LockFile {
  static override readonly TEMPLATE: string = "lock";
  static override readonly LOCK_PATTERN: RegExp = /^lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DIRECTORY: string = "/var/cache/archives";
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ArchivesLock";

  constructor(
    options?: LockFileOptionsWithDirectory
  ) {
    super(ArchivesLock.locate(options?.directory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ArchivesLock | null {
    const read = ArchivesLock.read(path, []);
    return read && new ArchivesLock({ directory: read.lockDirectory });
  }
}
