// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.ts";

/**
 * Protects a slot of a job.
 *
 * File: `slot{slot}-{job}`, for example `slot0-backup`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind SlotLock
 */
export class SlotLock extends LockFile {
  static override readonly TEMPLATE: string = "slot{slot}-{job}";
  static override readonly LOCK_PATTERN: RegExp = /^slot(?<slot>0|[1-9]|1[0-5])-(?<job>backup|archive|restore)$/u;
  static override readonly PARAMETERS: Readonly<Record<"slot" | "job", RegExp>> = {
    slot: /^(?:0|[1-9]|1[0-5])$/u,
    job: /^(?:backup|archive|restore)$/u,
  };
  static override readonly VALUES: Readonly<Record<string, readonly string[] | { readonly min: number; readonly max: number }>> = {
    slot: { min: 0, max: 15 },
    job: [
      "backup",
      "archive",
      "restore",
    ],
  };
  static override readonly NAMED: boolean = true;
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "SlotLock";
  readonly slot: number;
  readonly job: "backup" | "archive" | "restore";

  constructor(
    lockDirectory: string | URL,
    values: Pick<SlotLock, "slot" | "job">,
    options?: LockFileOptions
  ) {
    super(SlotLock.locate(lockDirectory, values), options);
    this.slot = values.slot;
    this.job = values.job;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): SlotLock | null {
    const read = SlotLock.read<Pick<SlotLock, "slot" | "job">>(path, ["slot", "job"]);
    return read && new SlotLock(read.lockDirectory, read);
  }
}
