// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../dist/src/index.js";

/**
 * Protects a job from running twice.
 *
 * File: `{job}.lock`, for example `backup.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * Taken before `QueueLock` where a program holds both.
 *
 * @generated from locks.yaml, kind JobLock
 */
export declare class JobLock extends LockFile {
  static readonly TEMPLATE: string;
  static readonly LOCK_PATTERN: RegExp;
  static readonly PARAMETERS: Readonly<Record<"job", RegExp>>;
  static readonly VALUES: Readonly<Record<string, readonly string[]>>;
  static readonly LOCK_ORDER: LockOrder;
  static readonly DEFAULTS: LockFileDefaults;

  readonly kind = "JobLock";
  /** What is done. */
  readonly job: "backup" | "archive" | "restore";

  constructor(
    lockDirectory: string | URL,
    job: "backup" | "archive" | "restore",
    options?: LockFileOptions
  );

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path: string): JobLock | null;
}
