import { closeSync, openSync } from "node:fs";
import { type LockTable, readLockTableSync, tableNameOf } from "../../src/system/proc-locks.js";

/** The PIDs that wait for the lock of a file in the kernel's queue; null if the system does not tell. */
export function waitersOn(file: string): number[] | null {
  return asked(file, (table, name) => table.waitersOf(name));
}

/** The PID that has the exclusive lock of a file, without a look at the lock itself, which may be in the way. */
export function takerOf(file: string): number | null {
  return asked(file, (table, name) => table.exclusiveOf(name));
}

/** The PIDs that share the lock of a file. */
export function sharersOn(file: string): number[] | null {
  return asked(file, (table, name) => table.sharersOf(name));
}

function asked<T>(file: string, ask: (table: LockTable, name: string) => T): T | null {
  const fd = openSync(file, "r");
  try {
    const table = readLockTableSync();
    return table === null ? null : ask(table, tableNameOf({ fd }));
  } finally {
    closeSync(fd);
  }
}
