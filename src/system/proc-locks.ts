import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { performance } from "../clock.js";
import { closeQuietly, type Identity, identityOf, type OpenFile, openAsName } from "./open-file.js";

/**
 * The kernel's table of locks, /proc/locks, at one moment. The kernel gives it page by page: a line may be missing
 * if others come and go meanwhile. To read it alone costs the kernel a grace period, 5 to 8 ms, so it is read in
 * doubt only, and once for many files.
 */
export class LockTable {
  readonly #byFile = new Map<string, TableEntry[]>();
  /** The numbers of the files that are in it, on whatever device. */
  readonly #inodes = new Set<string>();
  #waitedFor: Set<string> | undefined;

  /** @param text null if the system has no such table. */
  constructor(text: string | null) {
    // Who waits is behind an arrow, the further in the later it came. PID 0 is a process of another PID namespace,
    // and -1 one that the kernel does not know any more.
    const lines = text?.matchAll(/^\d+:( +->)? FLOCK +\w+ +(READ|WRITE) +(-?\d+) (\S+) /gm) ?? [];
    for (const [, arrow, type, pid, file = ""] of lines) {
      const entry = { waits: arrow !== undefined, shared: type === "READ", pid: Number(pid) };
      const known = this.#byFile.get(file);
      this.#inodes.add(numberIn(file));
      if (known === undefined) this.#byFile.set(file, [entry]);
      else known.push(entry);
    }
  }

  /** Who waits, and for which file. */
  get waits(): readonly { readonly file: TableName; readonly pid: number }[] {
    return [...this.#byFile].flatMap(([file, entries]) =>
      entries.flatMap(({ waits, pid }) => (waits ? [{ file, pid }] : [])),
    );
  }

  /** Whether somebody waits for a file of this number. Says yes of one whose number is not exact, or not known. */
  isWaitedFor(file: Identity | undefined): boolean {
    this.#waitedFor ??= new Set(this.waits.map(({ file }) => numberIn(file)));
    return file === undefined || mayHave(this.#waitedFor, file);
  }

  /** Whether a file of this number has lines. Says yes of one whose number is not exact. */
  mayList(file: Identity): boolean {
    return mayHave(this.#inodes, file);
  }

  /** The lines of a file, who waits in the order of the queue; none if the table does not list it, or not by name. */
  of(file: TableName | null): readonly TableEntry[] {
    return file === null ? [] : (this.#byFile.get(file) ?? []);
  }

  /** The process that took the exclusive lock of a file: 0 or less if it is of another PID namespace. */
  exclusiveOf(file: TableName | null): number | null {
    return this.of(file).find(({ waits, shared }) => !waits && !shared)?.pid ?? null;
  }

  /** The processes that took a shared lock of a file. */
  sharersOf(file: TableName | null): number[] {
    return this.of(file).flatMap(({ waits, shared, pid }) => (shared && !waits ? [pid] : []));
  }

  /** The processes that are blocked in flock(2), waiting for the lock of a file. */
  waitersOf(file: TableName | null): number[] {
    return this.of(file).flatMap(({ waits, pid }) => (waits ? [pid] : []));
  }
}

function mayHave(numbers: ReadonlySet<string>, { ino }: Identity): boolean {
  return numbers.has(String(ino)) || ino > Number.MAX_SAFE_INTEGER;
}

/** The number of the file. */
export function numberIn(name: TableName): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

/** A line of the kernel's table. */
export interface TableEntry {
  /** Whether the process is blocked in flock(2), waiting for the lock. */
  readonly waits: boolean;
  readonly shared: boolean;
  /** The process that took the lock, or waits for it. */
  readonly pid: number;
}

/** `major:minor:inode` as the table has it. */
export type TableName = string;

/** Reads the table now, and stops the thread meanwhile. */
export function readLockTableSync(): LockTable | null {
  try {
    return new LockTable(readFileSync("/proc/locks", "latin1"));
  } catch {
    return null;
  }
}

/** The same, without stopping the thread. */
export async function readLockTable(): Promise<LockTable | null> {
  try {
    return new LockTable(await readFile("/proc/locks", "latin1"));
  } catch {
    return null;
  }
}

/** The same; one that was read less than `age` ms ago will do. All who ask at once share one reading. */
export async function recentLockTable(age: number): Promise<LockTable | null> {
  if (performance.now() - readAt <= age) return recent;
  reading ??= readLockTable().then((table) => {
    recent = table;
    readAt = performance.now();
    reading = null;
    return table;
  });
  return reading;
}

let recent: LockTable | null = null;
/** ms, monotonic. */
let readAt = Number.NEGATIVE_INFINITY;
let reading: Promise<LockTable | null> | null = null;

/**
 * What the table calls an open file. On btrfs and overlayfs the device of fstat(2) is not the one of the table,
 * which is that of the file's mount: `mnt_id` in /proc/self/fdinfo, looked up in /proc/self/mountinfo.
 */
export function tableNameOf(file: Pick<OpenFile, "fd">): TableName {
  const { dev, ino } = identityOf(file);
  return `${deviceOfMount(file.fd) ?? deviceOf(BigInt(dev))}:${ino}`;
}

/** The same for the file at a path, which need not be readable; null if its directory may not be searched, or it is gone. */
export function tableNameAt(path: string): TableName | null {
  let file: OpenFile | null = null;
  try {
    file = openAsName(path);
    return tableNameOf(file);
  } catch {
    return null;
  } finally {
    if (file !== null) closeQuietly(file.fd);
  }
}

function deviceOfMount(fd: number): string | null {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${fd}`, "latin1");
    const mount = /^mnt_id:\s+(\d+)$/m.exec(info)?.[1] ?? "";
    const known = devices.get(mount);
    if (known !== undefined) return known;
    const mounts = readFileSync("/proc/self/mountinfo", "latin1");
    // mnt_id, parent, major:minor in decimal.
    const line = new RegExp(`^${mount} \\d+ (\\d+):(\\d+) `, "m").exec(mounts);
    if (line === null) return null;
    const device = hexadecimal(BigInt(line[1] ?? 0), BigInt(line[2] ?? 0));
    devices.set(mount, device);
    return device;
  } catch {
    return null;
  }
}

/** By `mnt_id`: as many as there are file systems with lock files. */
const devices = new Map<string, string>();

/** The bits are those of Linux's dev_t. */
function deviceOf(dev: bigint): string {
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n);
  return hexadecimal(major, minor);
}

function hexadecimal(...parts: readonly bigint[]): string {
  return parts.map((part) => part.toString(16).padStart(2, "0")).join(":");
}
