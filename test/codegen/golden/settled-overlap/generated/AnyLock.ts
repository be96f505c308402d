// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects any pair.
 *
 * File: `{left}-{right}`, for example `x-y`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind AnyLock
 */
export class AnyLock extends LockFile {
  static override readonly TEMPLATE: string = "{left}-{right}";
  static override readonly LOCK_PATTERN: RegExp = /^(?<left>[a-z]+)-(?<right>[a-z]+)$/u;
  static override readonly PARAMETERS: Readonly<Record<"left" | "right", RegExp>> = {
    left: /^[a-z]+$/u,
    right: /^[a-z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "AnyLock";
  readonly left: string;
  readonly right: string;

  constructor(
    lockDirectory: string | URL,
    left: string,
    right: string,
    options?: LockFileOptions
  ) {
    super(AnyLock.locate(lockDirectory, { left, right }), options);
    this.left = left;
    this.right = right;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): AnyLock | null {
    const read = AnyLock.read(path, ["left", "right"]);
    return read && new AnyLock(read.lockDirectory, read.left, read.right);
  }
}
