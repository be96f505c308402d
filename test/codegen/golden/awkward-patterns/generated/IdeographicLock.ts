// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what has wide spaces.
 *
 * File: `ideographic-{ideographic}`, for example `ideographic-漢字`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind IdeographicLock
 */
export class IdeographicLock extends LockFile {
  static override readonly TEMPLATE: string = "ideographic-{ideographic}";
  static override readonly LOCK_PATTERN: RegExp = /^ideographic-(?<ideographic>[^\u3000]+)$/u;
  static override readonly PARAMETERS: Readonly<Record<"ideographic", RegExp>> = {
    ideographic: /^[^\u3000]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "IdeographicLock";
  readonly ideographic: string;

  constructor(
    lockDirectory: string | URL,
    ideographic: string,
    options?: LockFileOptions
  ) {
    super(IdeographicLock.locate(lockDirectory, { ideographic }), options);
    this.ideographic = ideographic;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): IdeographicLock | null {
    const read = IdeographicLock.read(path, ["ideographic"]);
    return read && new IdeographicLock(read.lockDirectory, read.ideographic);
  }
}
