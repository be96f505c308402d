import { nextTurn } from "../clock.js";
import type { Circle } from "../errors.js";
import { type HeldLock, heldBeside, heldForUs } from "../lock/held.js";
import {
  type LockTable,
  readLockTableSync,
  recentLockTable,
  type TableName,
  tableNameAt,
} from "../system/proc-locks.js";
import { isAlive, lockersByName, pathOpenIn } from "../system/process.js";
import { Turn } from "../system/sleep.js";
import { visible } from "../text.js";
import { contender } from "./evidence.js";

/**
 * The circle that a contender of this thread is part of by waiting for a lock: whoever holds that waits, in the kernel's
 * queue, for one that this thread holds; or for one of a process that does, and so on.
 *
 * @param age How old (ms) the kernel's table may be; a thread that holds nothing else is part of none, and does not read it.
 */
export async function findCircle(wanted: HeldLock, age: number): Promise<Circle | null> {
  if (heldBeside(wanted.path).length === 0) return null;
  const table = await recentLockTable(age);
  while (turn.isLong) await nextTurn();
  return circleIn(table, wanted, heldBeside(wanted.path));
}

/** Of many waits that end together, all come to look when the table has been read. */
const turn = new Turn();

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
  // As a rule nobody waits for what this thread holds, and that costs a wait no look at files and processes.
  const wished = held.filter(({ identity }) => table?.isWaitedFor(identity));
  const name = wished.length === 0 ? null : tableNameAt(wanted.path);
  if (table === null || name === null) return null;
  const ours = new Map(wished.map((lock) => [tableNameAt(lock.path), lock]));
  const links = Links.in(table);
  const seen = new Set([process.pid]);
  let chains: Circle[] = links.holdersOf(name).map((pid) => [linkOf(wanted, pid)]);
  while (chains.length > 0) {
    const longer: Circle[] = [];
    for (const chain of chains) {
      const { pid = 0 } = chain.at(-1) ?? {};
      if (seen.has(pid)) continue;
      seen.add(pid);
      for (const wait of links.waitsOf(pid)) {
        const lock = ours.get(wait.file);
        if (lock !== undefined) return [linkOf(lock, process.pid), ...chain];
        const path = pathOpenIn(wait.pid, wait.file);
        for (const next of links.holdersOf(wait.file)) {
          longer.push([...chain, { pid: next, kind: null, path }]);
        }
      }
    }
    chains = longer;
  }
  return null;
}

function linkOf({ kind, path }: HeldLock, pid: number): Circle[number] {
  return { kind, path, pid };
}

/** Who waits for whom by a table of the kernel: worked out once for all waits that end together, and ask. */
class Links {
  static #last: Links | undefined;

  static in(table: LockTable): Links {
    const links = Links.#last?.table === table ? Links.#last : new Links(table);
    Links.#last = links;
    return links;
  }

  readonly table: LockTable;
  readonly #holders = new Map<TableName, readonly number[]>();
  #waits: Map<number, LockTable["waits"][number][]> | undefined;

  constructor(table: LockTable) {
    this.table = table;
  }

  /** What a process waits for, by itself or by a helper. */
  waitsOf(pid: number): LockTable["waits"] {
    if (this.#waits === undefined) {
      this.#waits = new Map();
      for (const wait of this.table.waits) {
        const waiter = contender(wait.pid);
        const known = this.#waits.get(waiter);
        if (known === undefined) this.#waits.set(waiter, [wait]);
        else known.push(wait);
      }
    }
    return this.#waits.get(pid) ?? [];
  }

  /**
   * Who took a lock; if that was for another process, as a helper does that is gone by now, that one. A `run` in a `run`
   * looks for all that have a copy of the descriptor: it is the innermost of others, too, that waits.
   */
  holdersOf(file: TableName): readonly number[] {
    const found = this.#holders.get(file);
    if (found !== undefined) return found;
    const takers = this.table.of(file).flatMap(({ waits, pid }) => (waits ? [] : [pid]));
    const known = takers.filter((pid) => pid > 0 && isAlive(pid));
    const isClear = known.length === takers.length && heldForUs.length === 0;
    const holders = isClear ? known : [...known, ...lockersByName(file)];
    const contenders = [...new Set(holders.map(contender))];
    this.#holders.set(file, contenders);
    return contenders;
  }
}

/** A circle as messages tell it: `11032 (ServerBackupLock) → 11080 (ServerXLOGDBLock) → 11032`. */
export function describeCircle(circle: Circle): string {
  const links = circle.map(({ pid, kind, path }) => {
    const lock = kind === null || kind === "LockFile" ? path && visible(path) : kind;
    return lock === null ? `${pid}` : `${pid} (${lock})`;
  });
  return [...links, circle[0]?.pid].join(" → ");
}
