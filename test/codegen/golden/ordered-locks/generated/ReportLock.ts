// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../src/index.js";

/**
 * Protects the report, which has no part in the order.
 *
 * File: `report.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ReportLock
 */
export class ReportLock extends LockFile {
  static override readonly TEMPLATE: string = "report.lock";
  static override readonly LOCK_PATTERN: RegExp = /^report\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "shop",
    rank: 0,
    before: [],
    place: "locks.yaml: locks.ReportLock",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ReportLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(ReportLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ReportLock | null {
    const read = ReportLock.read(path, []);
    return read && new ReportLock(read.lockDirectory);
  }
}
