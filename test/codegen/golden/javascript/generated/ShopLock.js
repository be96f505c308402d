// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
// @ts-nocheck: its types are in ShopLock.d.ts.
import { LockFile } from "../../../../../dist/src/index.js";

/**
 * Protects all queues. Its name is one of QueueLock too.
 *
 * File: `queue-all`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ShopLock
 */
export class ShopLock extends LockFile {
  static TEMPLATE = "queue-all";
  static LOCK_PATTERN = /^queue-all$/u;
  static PARAMETERS = {};
  static LOCK_ORDER = {
    catalogue: "shop",
    rank: 0,
    before: [],
    place: "locks.yaml: locks.ShopLock",
  };
  static DEFAULTS = { raiseIfFail: true, wait: false };

  kind = "ShopLock";

  constructor(
    lockDirectory,
    options
  ) {
    super(ShopLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path) {
    const read = ShopLock.read(path, []);
    return read && new ShopLock(read.lockDirectory);
  }
}
