// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../dist/src/index.js";

/**
 * Protects something that takes three values.
 *
 * File: `{a}-{b}-{c}.lock`, for example `a-a-0.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ManyLock
 */
export declare class ManyLock extends LockFile {
  static readonly TEMPLATE: string;
  static readonly LOCK_PATTERN: RegExp;
  static readonly PARAMETERS: Readonly<Record<"a" | "b" | "c", RegExp>>;
  static readonly DEFAULTS: LockFileDefaults;

  readonly kind = "ManyLock";
  readonly a: string;
  readonly b: string;
  readonly c: string;

  constructor(
    lockDirectory: string | URL,
    a: string,
    b: string,
    c: string,
    options?: LockFileOptions
  );

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path: string): ManyLock | null;
}
