import { readFileSync } from "node:fs";

/** A process, as far as the system tells about it. */
export interface ProcessInfo {
  /** Its PID, in this process's PID namespace. */
  readonly pid: number;
  /** Its command line; null where the system does not tell (no /proc, another user's, gone). */
  readonly command: string | null;
  /** When it was started, to a second or so; null where the system does not tell. */
  readonly started: Date | null;
}

/** What the system tells about the process with this PID. Never throws. */
export function describeProcess(pid: number): ProcessInfo {
  return { pid, command: commandOf(pid), started: startOf(pid) };
}

/** Whether a process is at work, or would be if it got a processor; false where the system does not tell. */
export function isRunning(pid: number): boolean {
  const state = statusOf(pid)?.[0];
  return state === "R" || state === "D";
}

/** The command line of a process; null where the system does not tell (no /proc, another user's, gone). */
export function commandOf(pid: number): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return line === "" ? null : line;
  } catch {
    return null;
  }
}

function startOf(pid: number): Date | null {
  try {
    const ticks = Number(statusOf(pid)?.[START_TIME]);
    const boot = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "latin1"))?.[1]);
    const start = new Date((boot + ticks / TICKS_PER_SECOND) * 1000);
    return boot > 0 && !Number.isNaN(start.getTime()) ? start : null;
  } catch {
    /* v8 ignore next -- macOS has no /proc, and then there is no status either. */
    return null;
  }
}

/** The fields of proc_pid_stat(5) from the third on. */
function statusOf(pid: number): string[] | null {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the name of the program in parentheses, which may hold blanks and parentheses.
    return status.slice(status.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** `starttime` is field 22 of proc_pid_stat(5), and the third is the first after the parenthesis. */
const START_TIME = 22 - 3;

/** USER_HZ, in which the kernel counts for /proc: 100 wherever Node.js runs on Linux. */
const TICKS_PER_SECOND = 100;
