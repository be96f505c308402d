import type { AsyncLocalStorage } from "node:async_hooks";
import { compareLocks, type Ordered, orderOf } from "./order.js";

/** A lock around what an asynchronous flow does: inside the function that `withLock` was given, and what that starts. */
interface Around {
  readonly lock: Ordered & { readonly held: boolean };
  readonly outer: Around | null;
  /** Whether the function is on its way. */
  isInside: boolean;
}

/**
 * Runs a function that is to hold a lock, so that whatever it does and starts knows of that. What an `acquire` takes is not
 * known: the caller goes on in the same context in which it may already have started something else, such as the next
 * of many jobs, and that one holds nothing.
 *
 * @param fn Gets what is to be told that the lock is held, and that it is no longer.
 */
export function withinFlow<T>(
  lock: Around["lock"],
  fn: (tell: (isInside: boolean) => void) => T,
): T {
  if (orderOf(lock) === null) return fn(() => {});
  // Made by the first lock whose catalogue has an order: until Node.js 24 it makes every promise of a program slower.
  storage ??= new (process.getBuiltinModule("node:async_hooks").AsyncLocalStorage)();
  const around = { lock, outer: storage.getStore() ?? null, isInside: false };
  return storage.run(around, () =>
    fn((isInside) => {
      around.isInside = isInside;
    }),
  );
}

/** A lock of the same catalogue around the caller that is to be taken after this one; null if there is none. */
export function heldTooEarly(lock: Ordered): Ordered | null {
  const catalogue = orderOf(lock)?.catalogue;
  if (catalogue === undefined) return null;
  for (let around = storage?.getStore() ?? null; around !== null; around = around.outer) {
    const { lock: held, isInside } = around;
    if (!isInside || !held.held || orderOf(held)?.catalogue !== catalogue) continue;
    if (held.filename !== lock.filename && compareLocks(held, lock) > 0) return held;
  }
  return null;
}

let storage: AsyncLocalStorage<Around> | undefined;
