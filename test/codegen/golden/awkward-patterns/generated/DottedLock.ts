// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what has dots.
 *
 * File: `dotted {dotted}`, for example `dotted a.b-c`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind DottedLock
 */
export class DottedLock extends LockFile {
  static override readonly TEMPLATE: string = "dotted {dotted}";
  static override readonly LOCK_PATTERN: RegExp = /^dotted (?<dotted>[\w.-]+)$/u;
  static override readonly PARAMETERS: Readonly<Record<"dotted", RegExp>> = {
    dotted: /^[\w.-]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "DottedLock";
  readonly dotted: string;

  constructor(
    lockDirectory: string | URL,
    dotted: string,
    options?: LockFileOptions
  ) {
    super(DottedLock.locate(lockDirectory, { dotted }), options);
    this.dotted = dotted;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): DottedLock | null {
    const read = DottedLock.read(path, ["dotted"]);
    return read && new DottedLock(read.lockDirectory, read.dotted);
  }
}
