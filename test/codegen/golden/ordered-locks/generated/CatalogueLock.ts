// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../src/index.js";

/**
 * Protects the catalogue.
 *
 * File: `catalogue.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Taken before `OrderLock` and `StockLock` where a program holds both.
 *
 * @generated from locks.yaml, kind CatalogueLock
 */
export class CatalogueLock extends LockFile {
  static override readonly TEMPLATE: string = "catalogue.lock";
  static override readonly LOCK_PATTERN: RegExp = /^catalogue\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "shop",
    rank: 0,
    before: [
      "OrderLock",
      "StockLock",
    ],
    place: "locks.yaml: locks.CatalogueLock.before",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "CatalogueLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(CatalogueLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): CatalogueLock | null {
    const read = CatalogueLock.read(path, []);
    return read && new CatalogueLock(read.lockDirectory);
  }
}
