// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects a slot of a queue.
 *
 * File: `{queue}-{slot}.lock`, for example `mail-0.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind SlotLock
 */
export class SlotLock extends LockFile {
  static override readonly TEMPLATE: string = "{queue}-{slot}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^(?<queue>[a-z]+)-(?<slot>0|[1-9]|1[0-5])\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"queue" | "slot", RegExp>> = {
    queue: /^[a-z]+$/u,
    slot: /^(?:0|[1-9]|1[0-5])$/u,
  };
  static override readonly VALUES: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
    slot: { min: 0, max: 15 },
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "SlotLock";
  readonly queue: string;
  /** The slot. */
  readonly slot: number;

  constructor(
    lockDirectory: string | URL,
    queue: string,
    slot: number,
    options?: LockFileOptions
  ) {
    super(SlotLock.locate(lockDirectory, { queue, slot }), options);
    this.queue = queue;
    this.slot = slot;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): SlotLock | null {
    const read = SlotLock.read<Pick<SlotLock, "queue" | "slot">>(path, ["queue", "slot"]);
    return read && new SlotLock(read.lockDirectory, read.queue, read.slot);
  }
}
