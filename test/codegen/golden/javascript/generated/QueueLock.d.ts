// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../dist/src/index.js";

/**
 * Protects a queue.
 *
 * File: `queue-{queue}`, for example `queue-a`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind QueueLock
 */
export declare class QueueLock extends LockFile {
  static readonly TEMPLATE: string;
  static readonly LOCK_PATTERN: RegExp;
  static readonly PARAMETERS: Readonly<Record<"queue", RegExp>>;
  static readonly LOCK_ORDER: LockOrder;
  static readonly DEFAULTS: LockFileDefaults;

  readonly kind = "QueueLock";
  /**
   * The queue, of which there may be many. Its name is what the printer's driver calls it, which is
   * long.
   */
  readonly queue: string;

  constructor(
    lockDirectory: string | URL,
    queue: string,
    options?: LockFileOptions
  );

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path: string): QueueLock | null;
}
