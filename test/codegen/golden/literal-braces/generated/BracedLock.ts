// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what stands in braces.
 *
 * File: `{{{key}}}.lock`, for example `{ab}.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind BracedLock
 */
export class BracedLock extends LockFile {
  static override readonly TEMPLATE: string = "{{{key}}}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\{(?<key>[a-z]+|[0-9]{2})\}\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"key", RegExp>> = {
    key: /^(?:[a-z]+|[0-9]{2})$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "BracedLock";
  readonly key: string;

  constructor(
    lockDirectory: string | URL,
    key: string,
    options?: LockFileOptions
  ) {
    super(BracedLock.locate(lockDirectory, { key }), options);
    this.key = key;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): BracedLock | null {
    const read = BracedLock.read(path, ["key"]);
    return read && new BracedLock(read.lockDirectory, read.key);
  }
}
