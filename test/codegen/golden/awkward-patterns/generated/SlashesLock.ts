// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what has no slash.
 *
 * File: `slashes  {slashes}`, for example `slashes  a`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind SlashesLock
 */
export class SlashesLock extends LockFile {
  static override readonly TEMPLATE: string = "slashes  {slashes}";
  static override readonly LOCK_PATTERN: RegExp = /^slashes {2}(?<slashes>[^//]+)$/u;
  static override readonly PARAMETERS: Readonly<Record<"slashes", RegExp>> = {
    slashes: /^[^//]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "SlashesLock";
  readonly slashes: string;

  constructor(
    lockDirectory: string | URL,
    slashes: string,
    options?: LockFileOptions
  ) {
    super(SlashesLock.locate(lockDirectory, { slashes }), options);
    this.slashes = slashes;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): SlashesLock | null {
    const read = SlashesLock.read(path, ["slashes"]);
    return read && new SlashesLock(read.lockDirectory, read.slashes);
  }
}
