import type { LockTable } from "../system/proc-locks.js";
import { commandOf, isAlive, lockersOf, lockOf, parentOf } from "../system/process.js";
import type { HeldInspection } from "./inspect.js";

/**
 * Who holds a lock, by what proves it: a process whose open file has the lock, as /proc/<pid>/fdinfo shows. A stamp
 * alone proves nothing: Barman leaves the PIDs of past holders, a crashed holder leaves its own, and in another PID
 * namespace the number is another process, perhaps the reader itself.
 *
 * @param table The kernel's table, read after the look; undefined if it has not been asked.
 * @returns the holder's PID, or null if this look does not tell.
 */
export function provenHolder(look: HeldInspection, table?: LockTable | null): number | null {
  const { stamp, file } = look;
  if (look.isProven) return stamp.pid;
  const taker = table?.exclusiveOf(look.tableName) ?? null;
  // Stamp and kernel agree.
  if (stamp.pid !== null && stamp.pid === taker) return taker;
  // The command of `run` has the lock by the descriptor that it inherited, and is who the stamp names.
  if (stamp.pid !== null && lockOf(stamp.pid, file) === "exclusive") return stamp.pid;
  if (taker !== null && taker > 0 && lockOf(taker, file) === "exclusive") return contender(taker);
  return null;
}

/**
 * Who holds a lock, when looking again has not proved it. Another user's process cannot be asked what it has
 * locked: it is believed, if nothing speaks against it.
 *
 * @returns the holder's PID, or null if the system does not tell.
 */
export function likelyHolder(look: HeldInspection, table: LockTable | null): number | null {
  const { stamp, file } = look;
  const taker = table?.exclusiveOf(look.tableName) ?? null;
  if (taker !== null && taker > 0 && cannotBeAsked(taker, look)) return contender(taker);
  // The table names nobody, or a program that has taken the lock for a process and is gone: then proof comes before the
  // belief in a stamp, which may be an old one. So it is for a descriptor that was inherited, too.
  const [first] = lockersOf(file)
    .filter(({ lock }) => lock === "exclusive")
    .map(({ pid }) => pid)
    .sort((a, b) => Number(isHelper(a)) - Number(isHelper(b)));
  if (first !== undefined) return contender(first);
  // One of another PID namespace.
  const isStranger = taker !== null && taker <= 0;
  return stamp.pid !== null && !isStranger && cannotBeAsked(stamp.pid, look) ? stamp.pid : null;
}

function cannotBeAsked(pid: number, { file }: HeldInspection): boolean {
  return lockOf(pid, file) === null && isAlive(pid);
}

/** A helper has the lock for the process that it waits for. */
export function contender(pid: number): number {
  return isHelper(pid) ? (parentOf(pid) ?? pid) : pid;
}

/** Whether a process is a helper that waits for the lock of a contender. */
export function isHelper(pid: number): boolean {
  return HELPER_COMMANDS.has(commandOf(pid) ?? "");
}

/** What a helper is while it waits, or takes a lock at once, as the system tells a command line. */
const HELPER_COMMANDS = new Set(
  ["-x", "-s", "--verbose -x", "--verbose -s", "-n -x", "-n -s"].map((way) => `flock ${way} 3`),
);
