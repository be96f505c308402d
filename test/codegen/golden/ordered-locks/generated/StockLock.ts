// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../src/index.js";

/**
 * Protects the stock.
 *
 * File: `stock.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * Taken before `call` where a program holds both.
 *
 * @generated from locks.yaml, kind StockLock
 */
export class StockLock extends LockFile {
  static override readonly TEMPLATE: string = "stock.lock";
  static override readonly LOCK_PATTERN: RegExp = /^stock\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "shop",
    rank: 2,
    before: [
      "call",
    ],
    place: "locks.yaml: locks.StockLock.before",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: true };

  override readonly kind = "StockLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(StockLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): StockLock | null {
    const read = StockLock.read(path, []);
    return read && new StockLock(read.lockDirectory);
  }
}
