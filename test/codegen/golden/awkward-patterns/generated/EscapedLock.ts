// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what has needless escapes.
 *
 * File: `escaped={escaped}`, for example `escaped=a`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind EscapedLock
 */
export class EscapedLock extends LockFile {
  static override readonly TEMPLATE: string = "escaped={escaped}";
  static override readonly LOCK_PATTERN: RegExp = /^escaped=(?<escaped>[-^$([\]a\-c]+)$/u;
  static override readonly PARAMETERS: Readonly<Record<"escaped", RegExp>> = {
    escaped: /^[-^$([\]a\-c]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "EscapedLock";
  readonly escaped: string;

  constructor(
    lockDirectory: string | URL,
    escaped: string,
    options?: LockFileOptions
  ) {
    super(EscapedLock.locate(lockDirectory, { escaped }), options);
    this.escaped = escaped;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): EscapedLock | null {
    const read = EscapedLock.read(path, ["escaped"]);
    return read && new EscapedLock(read.lockDirectory, read.escaped);
  }
}
