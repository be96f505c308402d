// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../src/index.js";

/**
 * Protects the orders of a customer.
 *
 * File: `order-{customer}.lock`, for example `order-acme.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * Taken before `StockLock` where a program holds both.
 *
 * @generated from locks.yaml, kind OrderLock
 */
export class OrderLock extends LockFile {
  static override readonly TEMPLATE: string = "order-{customer}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^order-(?<customer>[a-z0-9]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"customer", RegExp>> = {
    customer: /^[a-z0-9]+$/u,
  };
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "shop",
    rank: 1,
    before: [
      "StockLock",
    ],
    place: "locks.yaml: locks.OrderLock.before",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: true };

  override readonly kind = "OrderLock";
  readonly customer: string;

  constructor(
    lockDirectory: string | URL,
    customer: string,
    options?: LockFileOptions
  ) {
    super(OrderLock.locate(lockDirectory, { customer }), options);
    this.customer = customer;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): OrderLock | null {
    const read = OrderLock.read(path, ["customer"]);
    return read && new OrderLock(read.lockDirectory, read.customer);
  }
}
