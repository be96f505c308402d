// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what has an odd name.
 *
 * File: `odd-{{job}}-{odd}.lock`, for example `odd-{job}-a|b.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind OddLock
 */
export class OddLock extends LockFile {
  static override readonly TEMPLATE: string = "odd-{{job}}-{odd}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^odd-\{job\}-(?<odd>a\|b|a\.b|a {2}b|"quoted"|`\$\{x\}`|\{brace\}|日本語)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"odd", RegExp>> = {
    odd: /^(?:a\|b|a\.b|a {2}b|"quoted"|`\$\{x\}`|\{brace\}|日本語)$/u,
  };
  static override readonly VALUES: Readonly<Record<string, readonly string[]>> = {
    odd: [
      "a|b",
      "a.b",
      "a  b",
      '"quoted"',
      "`\u0024{x}`",
      "{brace}",
      "日本語",
    ],
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "OddLock";
  readonly odd: "a|b" | "a.b" | "a  b" | '"quoted"' | "`\u0024{x}`" | "{brace}" | "日本語";

  constructor(
    lockDirectory: string | URL,
    odd: "a|b" | "a.b" | "a  b" | '"quoted"' | "`\u0024{x}`" | "{brace}" | "日本語",
    options?: LockFileOptions
  ) {
    super(OddLock.locate(lockDirectory, { odd }), options);
    this.odd = odd;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OddLock | null {
    const read = OddLock.read<Pick<OddLock, "odd">>(path, ["odd"]);
    return read && new OddLock(read.lockDirectory, read.odd);
  }
}
