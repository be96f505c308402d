// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects an offset.
 *
 * File: `{mode}{offset}.offset`, for example `x-12.offset`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind OffsetLock
 */
export class OffsetLock extends LockFile {
  static override readonly TEMPLATE: string = "{mode}{offset}.offset";
  static override readonly LOCK_PATTERN: RegExp = /^(?<mode>x|y)(?<offset>-(?:[1-9]|1[0-2])|0|[1-9]|1[0-2])\.offset$/u;
  static override readonly PARAMETERS: Readonly<Record<"mode" | "offset", RegExp>> = {
    mode: /^(?:x|y)$/u,
    offset: /^(?:-(?:[1-9]|1[0-2])|0|[1-9]|1[0-2])$/u,
  };
  static override readonly VALUES: Readonly<Record<string, readonly string[] | { readonly min: number; readonly max: number }>> = {
    mode: [
      "x",
      "y",
    ],
    offset: { min: -12, max: 12 },
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "OffsetLock";
  readonly mode: "x" | "y";
  readonly offset: number;

  constructor(
    lockDirectory: string | URL,
    mode: "x" | "y",
    offset: number,
    options?: LockFileOptions
  ) {
    super(OffsetLock.locate(lockDirectory, { mode, offset }), options);
    this.mode = mode;
    this.offset = offset;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OffsetLock | null {
    const read = OffsetLock.read<Pick<OffsetLock, "mode" | "offset">>(path, ["mode", "offset"]);
    return read && new OffsetLock(read.lockDirectory, read.mode, read.offset);
  }
}
