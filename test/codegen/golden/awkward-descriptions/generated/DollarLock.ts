// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects ${thing}.
 *
 * File: `${thing}-dollar`, for example `$a b-dollar`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind DollarLock
 */
export class DollarLock extends LockFile {
  static override readonly TEMPLATE: string = "\u0024{thing}-dollar";
  static override readonly LOCK_PATTERN: RegExp = /^\$(?<thing>[^/]+)-dollar$/u;
  static override readonly PARAMETERS: Readonly<Record<"thing", RegExp>> = {
    thing: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "DollarLock";
  /**
   * *\/ \@deprecated is not meant ``` here, and a description that goes on and on so long that it has
   * to be wrapped.
   */
  readonly thing: string;

  constructor(
    lockDirectory: string | URL,
    thing: string,
    options?: LockFileOptions
  ) {
    super(DollarLock.locate(lockDirectory, { thing }), options);
    this.thing = thing;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): DollarLock | null {
    const read = DollarLock.read(path, ["thing"]);
    return read && new DollarLock(read.lockDirectory, read.thing);
  }
}
