// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what has spaces.
 *
 * File: `spaced-{spaced}`, for example `spaced-a  b`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind SpacedLock
 */
export class SpacedLock extends LockFile {
  static override readonly TEMPLATE: string = "spaced-{spaced}";
  static override readonly LOCK_PATTERN: RegExp = /^spaced-(?<spaced>a {2}b|c {2}[d e])$/u;
  static override readonly PARAMETERS: Readonly<Record<"spaced", RegExp>> = {
    spaced: /^(?:a {2}b|c {2}[d e])$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "SpacedLock";
  readonly spaced: string;

  constructor(
    lockDirectory: string | URL,
    spaced: string,
    options?: LockFileOptions
  ) {
    super(SpacedLock.locate(lockDirectory, { spaced }), options);
    this.spaced = spaced;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): SpacedLock | null {
    const read = SpacedLock.read(path, ["spaced"]);
    return read && new SpacedLock(read.lockDirectory, read.spaced);
  }
}
