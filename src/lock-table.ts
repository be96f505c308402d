import { readFileSync } from "node:fs";
import type { Identity } from "./open.js";

/**
 * The process that the kernel says has the exclusive lock of a file: the one that took it, which may
 * have handed the open file on since. Reads /proc/locks.
 *
 * @returns null where the system has no such table, or it does not list this file (another PID
 *   namespace, a file system that shows other device numbers).
 */
export function takerOf({ dev, ino }: Identity): number | null {
  let table: string;
  try {
    table = readFileSync("/proc/locks", "latin1");
  } catch {
    return null;
  }
  const line = new RegExp(`^\\d+: FLOCK +\\w+ +WRITE +(\\d+) ${deviceName(dev)}:${ino} `, "m");
  const taker = line.exec(table)?.[1];
  return taker === undefined ? null : Number(taker);
}

/** `major:minor` in hexadecimal, as the table has it; the bits are those of Linux's dev_t. */
function deviceName(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return [major, minor].map((part) => part.toString(16).padStart(2, "0")).join(":");
}
