import { basename, dirname } from "node:path";
import { type Identity, identityBehind } from "./system/open-file.js";

/** Where a kind stands in the order in which its catalogue says that locks are taken. */
export interface LockOrder {
  /** Name of the catalogue: kinds of different catalogues have no order. */
  readonly catalogue: string;
  /** How many kinds stand before it in the longest chain that leads to it: a lower rank is taken first. */
  readonly rank: number;
  /** Names of the kinds that it is declared to be taken before. */
  readonly before: readonly string[];
  /** Where that is declared: the spec, and the path of keys in it. */
  readonly place: string;
}

/** A lock, as far as its place in the order goes. */
export interface Ordered {
  readonly kind: string;
  readonly filename: string;
}

/**
 * The one order in which several locks are taken, in every program: by the order that their catalogue declares, the
 * name of the kind, the name of the file, and the directory. Where all take locks in this order, nobody waits for one
 * while holding a later one, and so there is no circle of waits.
 *
 * A directory is known by device and inode: programs reach the same one by links, and containers by other paths.
 *
 * @returns less than 0 if `a` comes first, more than 0 if `b` does, and 0 if both name one file of one kind.
 */
export function compareLocks(a: Ordered, b: Ordered): number {
  const [one, other] = [orderOf(a), orderOf(b)];
  return (
    compare(one?.catalogue ?? "", other?.catalogue ?? "") ||
    (one?.rank ?? 0) - (other?.rank ?? 0) ||
    compare(a.kind, b.kind) ||
    compare(basename(a.filename), basename(b.filename)) ||
    compareDirectories(dirname(a.filename), dirname(b.filename))
  );
}

/** Whether two paths name one file, by whatever path to its directory; also if it is not there yet. */
export function isOneName(a: Ordered, b: Ordered): boolean {
  return (
    basename(a.filename) === basename(b.filename) &&
    compareDirectories(dirname(a.filename), dirname(b.filename)) === 0
  );
}

/** Null for the base class, and for a kind whose catalogue declares no order. */
export function orderOf(lock: Ordered): LockOrder | null {
  const { LOCK_ORDER = null } = lock.constructor as { readonly LOCK_ORDER?: LockOrder | null };
  return LOCK_ORDER;
}

function compareDirectories(a: string, b: string): number {
  if (a === b) return 0;
  const [one, other] = [directoryAt(a), directoryAt(b)];
  if (one === null || other === null) {
    return Number(one === null) - Number(other === null) || compare(a, b);
  }
  return compare(one.dev, other.dev) || compare(one.ino, other.ino);
}

/** Null if it cannot be seen: then no lock in it can be taken, which is for the acquire to say. */
function directoryAt(path: string): Identity | null {
  try {
    return identityBehind(path);
  } catch {
    return null;
  }
}

/** Texts by code unit, in every locale. */
function compare<T extends string | number | bigint>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
