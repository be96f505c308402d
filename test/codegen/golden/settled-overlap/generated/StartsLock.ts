// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what starts with a.
 *
 * File: `a-{left}`, for example `a-x`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind StartsLock
 */
export class StartsLock extends LockFile {
  static override readonly TEMPLATE: string = "a-{left}";
  static override readonly LOCK_PATTERN: RegExp = /^a-(?<left>[a-z]+)$/u;
  static override readonly PARAMETERS: Readonly<Record<"left", RegExp>> = {
    left: /^[a-z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "StartsLock";
  readonly left: string;

  constructor(
    lockDirectory: string | URL,
    left: string,
    options?: LockFileOptions
  ) {
    super(StartsLock.locate(lockDirectory, { left }), options);
    this.left = left;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): StartsLock | null {
    const read = StartsLock.read(path, ["left"]);
    return read && new StartsLock(read.lockDirectory, read.left);
  }
}
