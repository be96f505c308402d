import { readdirSync, readlinkSync } from "node:fs";
import { codeOf } from "../errors.js";
import {
  type Identity,
  identityBehind,
  isOpenToInspect,
  isOpenToLock,
  isSame,
  readIfThere,
} from "./open-file.js";
import { numberIn } from "./proc-locks.js";

/** A process, as far as the system tells about it. */
export interface ProcessInfo {
  /** Its PID, in this process's PID namespace. */
  readonly pid: number;
  /** Its command line; null if the system does not tell (no /proc, another user's, gone). */
  readonly command: string | null;
  /** When it was started, to a second or so; null if the system does not tell. */
  readonly started: Date | null;
}

/** What the system tells about the process with this PID. Never throws. */
export function describeProcess(pid: number): ProcessInfo {
  return { pid, command: commandOf(pid), started: startOf(pid) };
}

/**
 * What a process has locked of a file, by `/proc/<pid>/fdinfo`: an open file with a lock has a `lock:` line there,
 * whoever took the lock, and whatever PID namespace or file system it is in. (The `lock` field of
 * proc_pid_fdinfo(5), since Linux 4.1.)
 *
 * @returns `null` if the system does not let us see: another user's process, no /proc.
 */
export function lockOf(pid: number, file: Identity): "exclusive" | "shared" | "none" | null {
  try {
    const last = lastSeen.get(pid)?.get(String(file.ino)) ?? [];
    if (last.some((fd) => lockBy(pid, fd, file)?.lock === "exclusive")) return "exclusive";
    let found: "exclusive" | "shared" | "none" = "none";
    for (const { lock } of lockedFilesOf(pid, file)) {
      if (lock === "exclusive") return lock;
      found = lock;
    }
    return found;
  } catch (error) {
    return codeOf(error) === "ENOENT" && !isAlive(pid) ? "none" : null;
  }
}

/**
 * Whether a process shares the lock of a file to look at it only, by how it has opened it ({@link isOpenToInspect}); also
 * if it shares it no longer. False if the system does not tell.
 */
export function isInspecting(pid: number, file: Identity): boolean {
  try {
    return [...lockedFilesOf(pid, file)].every(
      ({ lock, flags }) => lock === "shared" && isOpenToInspect(flags),
    );
  } catch {
    return false;
  }
}

/**
 * Whether a process shares the lock of a file as no look and no try of this package does, which last some
 * microseconds: by how it has opened the file. False if the system does not tell.
 */
export function isSharing(pid: number, file: Identity): boolean {
  try {
    return [...lockedFilesOf(pid, file)].some(
      ({ lock, flags }) => lock === "shared" && !isOpenToInspect(flags) && !isOpenToLock(flags),
    );
  } catch {
    return false;
  }
}

/** Whether a process shares the lock of a file by this descriptor of its own; false if the system does not tell. */
export function sharesBy(pid: number, fd: number, file: Identity): boolean {
  try {
    return lockBy(pid, String(fd), file)?.lock === "shared";
  } catch {
    return false;
  }
}

interface LockedFile {
  readonly lock: "exclusive" | "shared";
  /** With which it was opened. */
  readonly flags: number;
}

/** The descriptors by which a process has locked files, by the numbers of these, as the system tells them of a lock. */
type Descriptors = Map<string, string[]>;

/**
 * By which descriptors processes had locked files when they were last gone through. A hint: of a process with a
 * thousand locks, each look at one of them would go through all of them (2 ms at the median).
 */
const lastSeen = new Map<number, Descriptors>();
const PROCESSES_KEPT = 64;

/** The open files of a process by which it has locked a file. */
function* lockedFilesOf(pid: number, file: Identity): Generator<LockedFile> {
  const descriptors = descriptorsOf(pid);
  const number = String(file.ino);
  const likely = descriptors.get(number) ?? [];
  // On overlayfs the number may be another one.
  const others = [...descriptors].flatMap(([other, fds]) => (other === number ? [] : fds));
  for (const fd of [...likely, ...others]) {
    const locked = lockBy(pid, fd, file);
    if (locked !== null) yield locked;
  }
}

/** Looks at no file itself: that may hang if its file system does. */
function descriptorsOf(pid: number): Descriptors {
  const descriptors: Descriptors = new Map();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    for (const name of locksIn(readIfThere(`/proc/${pid}/fdinfo/${fd}`))) {
      const number = numberIn(name);
      const known = descriptors.get(number);
      if (known === undefined) descriptors.set(number, [fd]);
      else known.push(fd);
    }
  }
  const [oldest] = lastSeen.keys();
  if (lastSeen.size >= PROCESSES_KEPT && oldest !== undefined) lastSeen.delete(oldest);
  if (descriptors.size > 0) lastSeen.set(pid, descriptors);
  return descriptors;
}

/** The names that the kernel's table has for the files that are locked by a descriptor, by its fdinfo. */
function locksIn(info: string | null): string[] {
  return [...(info?.matchAll(LOCK_LINES) ?? [])].map(([, file = ""]) => file);
}

function lockBy(pid: number, fd: string, file: Identity): LockedFile | null {
  const open = identityBehind(`/proc/${pid}/fd/${fd}`);
  if (open === null || !isSame(open, file)) return null;
  const info = readIfThere(`/proc/${pid}/fdinfo/${fd}`) ?? "";
  const lock = lockIn(info);
  if (lock === null) return null;
  const flags = Number.parseInt(/^flags:\s+(\d+)$/m.exec(info)?.[1] ?? "", 8);
  return { lock, flags };
}

function lockIn(info: string): LockedFile["lock"] | null {
  const type = /^lock:\s+\d+: FLOCK +\w+ +(READ|WRITE) /m.exec(info)?.[1];
  if (type === undefined) return null;
  return type === "WRITE" ? "exclusive" : "shared";
}

/** The lock that an open file of this process has; null if the system does not tell. */
export function lockByDescriptor(fd: number): LockedFile["lock"] | "none" | null {
  const info = readIfThere(`/proc/self/fdinfo/${fd}`);
  return info === null ? null : (lockIn(info) ?? "none");
}

/** Every process that has a lock on a file, as far as we may see; a last resort, as it asks them all. */
export function lockersOf(file: Identity): { pid: number; lock: "exclusive" | "shared" }[] {
  const found: { pid: number; lock: "exclusive" | "shared" }[] = [];
  for (const pid of processes()) {
    const lock = lockOf(pid, file);
    if (lock === "exclusive" || lock === "shared") found.push({ pid, lock });
  }
  return found;
}

/** Every process that has locked a file, by the name that the kernel's table has for it, as far as we may see. */
export function lockersByName(name: string): number[] {
  return processes().filter((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fdinfo`).some((fd) =>
        locksIn(readIfThere(`/proc/${pid}/fdinfo/${fd}`)).includes(name),
      );
    } catch {
      return false;
    }
  });
}

const LOCK_LINES = /^lock:\s+\d+: FLOCK +\w+ +\w+ +-?\d+ (\S+) /gm;

/** The path by which a process has opened a file of the kernel's table; null if the system does not tell. */
export function pathOpenIn(pid: number, name: string): string | null {
  try {
    const number = numberIn(name);
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => `/proc/${pid}/fd/${fd}`);
    const link = links.find((path) => String(identityBehind(path)?.ino) === number);
    return link === undefined ? null : readlinkSync(link);
  } catch {
    return null;
  }
}

function processes(): number[] {
  try {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Whether there is a process with this PID, as far as we can know; also if it is another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** Whether a process has ended, also if the one that has started it does not know that yet. */
export function hasEnded(pid: number): boolean {
  const state = statFields(`/proc/${pid}/stat`)?.[0];
  return state === undefined ? !isAlive(pid) : state === "Z" || state === "X";
}

/**
 * Whether one of a process's threads is at work, or would be if it got a processor; false if the system does not
 * tell. A look may be made in a Worker, while the main thread sleeps.
 */
export function isRunning(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((thread) => {
      const state = statFields(`/proc/${pid}/task/${thread}/stat`)?.[0];
      return state === "R" || state === "D";
    });
  } catch {
    return false;
  }
}

/** How long (ms) all threads of a process have run on a processor; 0 if the system does not tell. */
export function processorTimeOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
      // proc_pid_schedstat(5): in ns.
      const [ran] = readIfThere(`/proc/${pid}/task/${thread}/schedstat`)?.split(" ") ?? [];
      return sum + Number(ran ?? 0) / 1e6;
    }, 0);
  } catch {
    return 0;
  }
}

/**
 * The command line of a process; null if the system does not tell (no /proc, another user's, gone). Of a `run` of
 * this package it is that of its command, which is what people know.
 */
export function commandOf(pid: number): string | null {
  const words = readIfThere(`/proc/${pid}/cmdline`, "utf8")?.split("\0") ?? [];
  const line = words.slice(commandStart(words)).join(" ").trim();
  return line === "" ? null : line;
}

/** Where the command of a `run` begins: `node …/lock-catalogue run <Kind> … -- <command>`. */
function commandStart(words: readonly string[]): number {
  const run = words.indexOf("run");
  const program = words[run - 1] ?? "";
  if (!/(?:^|\/)(?:lock-catalogue|dist\/src\/cli\/main\.js)$/.test(program)) return 0;
  const end = words.indexOf("--", run);
  return end === -1 ? 0 : end + 1;
}

/** The process that started a process; null if the system does not tell. */
export function parentOf(pid: number): number | null {
  const parent = Number(statFields(`/proc/${pid}/stat`)?.[1]);
  return parent > 0 ? parent : null;
}

/** When the system was started, in s. Read once: /proc/stat is long where there are many processors. */
let boot: number | undefined;

function startOf(pid: number): Date | null {
  const ticks = Number(statFields(`/proc/${pid}/stat`)?.[START_TIME]);
  boot ??= Number(/^btime (\d+)$/m.exec(readIfThere("/proc/stat") ?? "")?.[1]);
  const start = new Date((boot + ticks / TICKS_PER_SECOND) * 1000);
  return boot > 0 && !Number.isNaN(start.getTime()) ? start : null;
}

/** How long (s, in steps of 0.01) the system has been up, as a shell can read it as well; null if it does not tell. */
export function uptime(): number | null {
  const seconds = Number.parseFloat(readIfThere("/proc/uptime") ?? "");
  return Number.isNaN(seconds) ? null : seconds;
}

/** The fields of proc_pid_stat(5) from the third on. */
function statFields(path: string): string[] | null {
  const status = readIfThere(path);
  // The second field is the name of the program in parentheses, which may hold spaces and parentheses.
  return status === null ? null : status.slice(status.lastIndexOf(")") + 2).split(" ");
}

/** `starttime` is field 22 of proc_pid_stat(5), and the third is the first after the parenthesis. */
const START_TIME = 22 - 3;

/** USER_HZ, in which the kernel counts for /proc: 100 wherever Node.js runs on Linux. */
const TICKS_PER_SECOND = 100;
