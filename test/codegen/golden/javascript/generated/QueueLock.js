// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
// @ts-nocheck: its types are in QueueLock.d.ts.
import { LockFile } from "../../../../../dist/src/index.js";

/**
 * Protects a queue.
 *
 * File: `queue-{queue}`, for example `queue-a`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind QueueLock
 */
export class QueueLock extends LockFile {
  static TEMPLATE = "queue-{queue}";
  static LOCK_PATTERN = /^queue-(?<queue>[^-/{}*]+)$/u;
  static PARAMETERS = {
    queue: /^[^-/{}*]+$/u,
  };
  static LOCK_ORDER = {
    catalogue: "shop",
    rank: 1,
    before: [],
    place: "locks.yaml: locks.QueueLock",
  };
  static DEFAULTS = { raiseIfFail: true, wait: false };

  kind = "QueueLock";
  /**
   * The queue, of which there may be many. Its name is what the printer's driver calls it, which is
   * long.
   */
  queue;

  constructor(
    lockDirectory,
    queue,
    options
  ) {
    super(QueueLock.locate(lockDirectory, { queue }), options);
    this.queue = queue;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path) {
    const read = QueueLock.read(path, ["queue"]);
    return read && new QueueLock(read.lockDirectory, read.queue);
  }
}
