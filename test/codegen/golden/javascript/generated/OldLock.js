// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
// @ts-nocheck: its types are in OldLock.d.ts.
import { LockFile } from "../../../../../dist/src/index.js";

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
export class OldLock extends LockFile {
  static TEMPLATE = "old.lock";
  static LOCK_PATTERN = null;
  static PARAMETERS = {};
  static LOCK_ORDER = {
    catalogue: "shop",
    rank: 0,
    before: [],
    place: "locks.yaml: locks.OldLock",
  };
  static DEFAULTS = { raiseIfFail: true, wait: false };

  kind = "OldLock";

  constructor(
    lockDirectory,
    options
  ) {
    super(OldLock.locate(lockDirectory, {}), options);
  }

  /** `null` for every path: names of this kind cannot be read back. */
  static buildIfMatches(path) {
    const read = OldLock.read(path, []);
    return read && new OldLock(read.lockDirectory);
  }
}
