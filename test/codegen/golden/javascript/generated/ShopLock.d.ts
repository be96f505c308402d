// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../dist/src/index.js";

/**
 * Protects all queues. Its name is one of QueueLock too.
 *
 * File: `queue-all`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ShopLock
 */
export declare class ShopLock extends LockFile {
  static readonly TEMPLATE: string;
  static readonly LOCK_PATTERN: RegExp;
  static readonly PARAMETERS: Readonly<Record<string, never>>;
  static readonly LOCK_ORDER: LockOrder;
  static readonly DEFAULTS: LockFileDefaults;

  readonly kind = "ShopLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  );

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path: string): ShopLock | null;
}
