// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
// @ts-nocheck: its types are in SlotLock.d.ts.
import { LockFile } from "../../../../../dist/src/index.js";

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
export class SlotLock extends LockFile {
  static TEMPLATE = "{queue}-{slot}-{job}";
  static LOCK_PATTERN = /^(?<queue>[^-/{}*]+)-(?<slot>0|[1-9]|1[0-5])-(?<job>backup|archive|restore)$/u;
  static PARAMETERS = {
    queue: /^[^-/{}*]+$/u,
    slot: /^(?:0|[1-9]|1[0-5])$/u,
    job: /^(?:backup|archive|restore)$/u,
  };
  static VALUES = {
    slot: { min: 0, max: 15 },
    job: [
      "backup",
      "archive",
      "restore",
    ],
  };
  static NAMED = true;
  static LOCK_ORDER = {
    catalogue: "shop",
    rank: 0,
    before: [],
    place: "locks.yaml: locks.SlotLock",
  };
  static DEFAULTS = { raiseIfFail: true, wait: false, stamp: "none" };

  kind = "SlotLock";
  /**
   * The queue, of which there may be many. Its name is what the printer's driver calls it, which is
   * long.
   */
  queue;
  slot;
  /** What is done. */
  job;

  constructor(
    lockDirectory,
    values,
    options
  ) {
    super(SlotLock.locate(lockDirectory, values), options);
    this.queue = values.queue;
    this.slot = values.slot;
    this.job = values.job;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path) {
    const read = SlotLock.read(path, [
      "queue",
      "slot",
      "job",
    ]);
    return read && new SlotLock(read.lockDirectory, read);
  }
}
