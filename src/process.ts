import { readFileSync } from "node:fs";

/** Whether a process with this PID exists, also one that we may not signal. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
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
