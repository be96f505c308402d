import type { Circle } from "../errors.js";
import { type HeldLock, heldBeside, heldForUs } from "../lock/held.js";
import {
  type LockTable,
  readLockTableSync,
  type TableName,
  tableNameAt,
} from "../system/proc-locks.js";
import { isAlive, lockersByName, pathOpenIn } from "../system/process.js";
import { visible } from "../text.js";
import { contender } from "./evidence.js";

/**
 * The circle that a contender of this thread is part of by waiting for a lock: whoever holds that waits, in the kernel's
 * queue, for one that this thread holds; or for one of a process that does, and so on.
 *
 * @param readTable How to read the kernel's table; not called for a thread that holds nothing else, which is part of none.
 */
export async function findCircle(
  wanted: HeldLock,
  readTable: () => Promise<LockTable | null>,
): Promise<Circle | null> {
  const held = heldBeside(wanted.path);
  return held.length === 0 ? null : circleIn(await readTable(), wanted, held);
}

/** The same, which stops this thread. */
export function findCircleSync(wanted: HeldLock): Circle | null {
  const held = heldBeside(wanted.path);
  return held.length === 0 ? null : circleIn(readLockTableSync(), wanted, held);
}

function circleIn(
  table: LockTable | null,
  wanted: HeldLock,
  held: readonly HeldLock[],
): Circle | null {
  const name = tableNameAt(wanted.path);
  if (table === null || name === null) return null;
  const ours = new Map(held.map((lock) => [tableNameAt(lock.path), lock]));
  const seen = new Set([process.pid]);
  let chains: Circle[] = holdersOf(name, table).map((pid) => [{ ...wanted, pid }]);
  while (chains.length > 0) {
    const longer: Circle[] = [];
    for (const chain of chains) {
      const { pid = 0 } = chain.at(-1) ?? {};
      if (seen.has(pid)) continue;
      seen.add(pid);
      for (const wait of table.waits.filter((other) => contender(other.pid) === pid)) {
        const lock = ours.get(wait.file);
        if (lock !== undefined) return [{ ...lock, pid: process.pid }, ...chain];
        const path = pathOpenIn(wait.pid, wait.file);
        for (const next of holdersOf(wait.file, table)) {
          longer.push([...chain, { pid: next, kind: null, path }]);
        }
      }
    }
    chains = longer;
  }
  return null;
}

/**
 * Who took a lock; if that was for another process, as a helper does that is gone by now, that one. A `run` in a `run`
 * looks for all that have a copy of the descriptor: it is the innermost of others, too, that waits.
 */
function holdersOf(file: TableName, table: LockTable): number[] {
  const takers = table.of(file).flatMap(({ waits, pid }) => (waits ? [] : [pid]));
  const known = takers.filter((pid) => pid > 0 && isAlive(pid));
  const isClear = known.length === takers.length && heldForUs.length === 0;
  const holders = isClear ? known : [...known, ...lockersByName(file)];
  return [...new Set(holders.map(contender))];
}

/** A circle as messages tell it: `11032 (ServerBackupLock) → 11080 (ServerXLOGDBLock) → 11032`. */
export function describeCircle(circle: Circle): string {
  const links = circle.map(({ pid, kind, path }) => {
    const lock = kind === null || kind === "LockFile" ? path && visible(path) : kind;
    return lock === null ? `${pid}` : `${pid} (${lock})`;
  });
  return [...links, circle[0]?.pid].join(" → ");
}
