import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { codeOf, type Identity, isSame } from "./open-file.js";

/**
 * Reads the kernel's table of locks, /proc/locks, and tells of any file which process has its exclusive
 * lock: the one that took it, which may have handed the open file on, as our helpers do, and be gone since.
 * The answer is null where the system has no such table, or it does not list the file (another PID
 * namespace, a file system that shows other device numbers).
 */
export function readTakers(): (file: Identity) => number | null {
  const takers = new Map<string, number>();
  for (const { waits, shared, pid, name } of readEntries("\\S+") ?? []) {
    if (!waits && !shared) takers.set(name, pid);
  }
  return (file) => takers.get(nameOf(file)) ?? null;
}

/** A line of the kernel's table. */
export interface Entry {
  /** Whether the process is blocked in flock(2), waiting for the lock. */
  readonly waits: boolean;
  readonly shared: boolean;
  /** The process that took the lock, or waits for it. */
  readonly pid: number;
  /** The file, as the table has it. */
  readonly name: string;
}

/** What the kernel's table says of a file; null where the system has none. */
export function entriesOf(file: Identity): Entry[] | null {
  return readEntries(nameOf(file));
}

/** The processes that took a shared lock of a file; null where the system does not tell. */
export function sharersOf(file: Identity): number[] | null {
  return (
    entriesOf(file)?.flatMap(({ waits, shared, pid }) => (shared && !waits ? [pid] : [])) ?? null
  );
}

/** The processes that are blocked in flock(2), waiting for the lock of a file; null where the system does not tell. */
export function waitersOf(file: Identity): number[] | null {
  return entriesOf(file)?.flatMap(({ waits, pid }) => (waits ? [pid] : [])) ?? null;
}

/** Whether a process has a file open, as a holder must; null where it may not be asked, or there is no /proc. */
export function hasOpen(pid: number, file: Identity): boolean | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const open = statSync(`/proc/${pid}/fd/${fd}`, { bigint: true, throwIfNoEntry: false });
      return open !== undefined && isSame(open, file);
    });
  } catch (error) {
    return codeOf(error) === "ENOENT" && existsSync("/proc/self") ? false : null;
  }
}

/**
 * The lines of flock(2) whose file is called so; only they are taken apart, as the table may be long. The kernel
 * gives it page by page: a line may be missing where others come and go meanwhile.
 */
function readEntries(name: string): Entry[] | null {
  const table = readTable();
  if (table === null) return null;
  // Who waits stands behind an arrow, the further in the later it came.
  const lines = new RegExp(`^\\d+:( +->)? FLOCK +\\w+ +(READ|WRITE) +([1-9]\\d*) (${name}) `, "gm");
  return Array.from(table.matchAll(lines), ([, arrow, type, pid, file = ""]) => ({
    waits: arrow !== undefined,
    shared: type === "READ",
    pid: Number(pid),
    name: file,
  }));
}

function readTable(): string | null {
  try {
    return readFileSync("/proc/locks", "latin1");
  } catch {
    return null;
  }
}

/** `major:minor:inode` as the table has it, the device in hexadecimal; the bits are those of Linux's dev_t. */
function nameOf({ dev, ino }: Identity): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return [...[major, minor].map((part) => part.toString(16).padStart(2, "0")), ino].join(":");
}
