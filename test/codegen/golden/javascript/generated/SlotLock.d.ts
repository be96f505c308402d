// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../dist/src/index.js";

/**
 * Protects a slot of a queue.
 *
 * Its values are given by name.
 *
 * File: `{queue}-{slot}-{job}`, for example `a-0-backup`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Its holder writes nothing into the file.
 *
 * @generated from locks.yaml, kind SlotLock
 */
export declare class SlotLock extends LockFile {
  static readonly TEMPLATE: string;
  static readonly LOCK_PATTERN: RegExp;
  static readonly PARAMETERS: Readonly<Record<"queue" | "slot" | "job", RegExp>>;
  static readonly VALUES: Readonly<Record<string, readonly string[] | { readonly min: number; readonly max: number }>>;
  static readonly NAMED: boolean;
  static readonly LOCK_ORDER: LockOrder;
  static readonly DEFAULTS: LockFileDefaults;

  readonly kind = "SlotLock";
  /**
   * The queue, of which there may be many. Its name is what the printer's driver calls it, which is
   * long.
   */
  readonly queue: string;
  readonly slot: number;
  /** What is done. */
  readonly job: "backup" | "archive" | "restore";

  constructor(
    lockDirectory: string | URL,
    values: Pick<SlotLock, "queue" | "slot" | "job">,
    options?: LockFileOptions
  );

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path: string): SlotLock | null;
}
