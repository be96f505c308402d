import { readFileSync } from "node:fs";
import type { Identity } from "./open.js";

/**
 * The process that the kernel says has the exclusive lock of a file: the one that took it, which may
 * have handed the open file on since. Reads /proc/locks.
 *
 * @returns null where the system has no such table, or it does not list this file (another PID
 *   namespace, a file system that shows other device numbers).
 */
export function takerOf(file: Identity): number | null {
  const line = new RegExp(`^\\d+: FLOCK +\\w+ +WRITE +([1-9]\\d*) ${nameOf(file)} `, "m");
  const taker = line.exec(readTable())?.[1];
  return taker === undefined ? null : Number(taker);
}

/** The same for many files at once: the table is read now, and asked later. */
export function readTakers(): (file: Identity) => number | null {
  const takers = new Map<string, number>();
  const lines = /^\d+: FLOCK +\w+ +WRITE +(?<taker>[1-9]\d*) (?<name>\S+) /gm;
  for (const { groups } of readTable().matchAll(lines)) {
    takers.set(groups?.["name"] ?? "", Number(groups?.["taker"]));
  }
  return (file) => takers.get(nameOf(file)) ?? null;
}

/** Whether a process is blocked in flock(2), waiting for the lock of a file. */
export function isWaitedFor(file: Identity): boolean {
  return new RegExp(`^\\d+: -> FLOCK .* ${nameOf(file)} `, "m").test(readTable());
}

function readTable(): string {
  try {
    return readFileSync("/proc/locks", "latin1");
  } catch {
    return "";
  }
}

/** `major:minor:inode` as the table has it, the device in hexadecimal; the bits are those of Linux's dev_t. */
function nameOf({ dev, ino }: Identity): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return [...[major, minor].map((part) => part.toString(16).padStart(2, "0")), ino].join(":");
}
