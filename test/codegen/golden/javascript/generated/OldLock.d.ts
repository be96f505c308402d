// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../dist/src/index.js";

/**
 * Protects all jobs.
 *
 * File: `old.lock`.
 *
 * Its names cannot be read back.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Deprecated: Use JobLock instead.
 *
 * @generated from locks.yaml, kind OldLock
 */
export declare class OldLock extends LockFile {
  static readonly TEMPLATE: string;
  static readonly LOCK_PATTERN: null;
  static readonly PARAMETERS: Readonly<Record<string, never>>;
  static readonly LOCK_ORDER: LockOrder;
  static readonly DEFAULTS: LockFileDefaults;

  readonly kind = "OldLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  );

  /** `null` for every path: names of this kind cannot be read back. */
  static buildIfMatches(path: string): OldLock | null;
}
