// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what ends with b.
 *
 * File: `{right}-b`, for example `y-b`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind EndsLock
 */
export class EndsLock extends LockFile {
  static override readonly TEMPLATE: string = "{right}-b";
  static override readonly LOCK_PATTERN: RegExp = /^(?<right>[a-z]+)-b$/u;
  static override readonly PARAMETERS: Readonly<Record<"right", RegExp>> = {
    right: /^[a-z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "EndsLock";
  readonly right: string;

  constructor(
    lockDirectory: string | URL,
    right: string,
    options?: LockFileOptions
  ) {
    super(EndsLock.locate(lockDirectory, { right }), options);
    this.right = right;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): EndsLock | null {
    const read = EndsLock.read(path, ["right"]);
    return read && new EndsLock(read.lockDirectory, read.right);
  }
}
