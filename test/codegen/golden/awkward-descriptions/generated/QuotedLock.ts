// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Holds every quote, \ and {braces} and *stars* and _lines_ and [links](x) and # and ~~.
 *
 * File: ``quoted "'`\|.lock``.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind QuotedLock
 */
export class QuotedLock extends LockFile {
  static override readonly TEMPLATE: string = "quoted \"'`\\|.lock";
  static override readonly LOCK_PATTERN: RegExp = /^quoted "'`\\\|\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "QuotedLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(QuotedLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): QuotedLock | null {
    const read = QuotedLock.read(path, []);
    return read && new QuotedLock(read.lockDirectory);
  }
}
