import { recentLockTable } from "../system/proc-locks.js";
import { describeProcess, isAlive, type ProcessInfo } from "../system/process.js";
import { Turn } from "../system/sleep.js";
import { type FindingWithQueue, findHolders } from "./find-holder.js";

/** What was seen of a lock, case by case: `state` tells which. */
export type LockState = Waiters & (Free | Held | HeldByUnknown | Shared | Unsafe | Unreadable);

/** Who is blocked in flock(2) on the file, by the kernel's table. */
interface Waiters {
  /**
   * The processes that wait for the lock, in the order of the kernel's queue. A contender of this library joins the
   * queue after some tries, within a second, and one process stands there for all of its contenders.
   */
  readonly waiters: readonly ProcessInfo[];
}

/** Nobody holds the lock. That the file is there means nothing. */
interface Free {
  readonly state: "free";
}

/** Held, by a process that is known. */
interface Held {
  readonly state: "held";
  /** The process that holds the lock. By the time you use it, that may have changed. */
  readonly holder: ProcessInfo;
  /**
   * When the holder wrote its PID, by the time of the file: as a rule the moment it took the lock. Null
   * if the PID in the file is not the holder's.
   */
  readonly since: Date | null;
}

/** Held, and neither file nor system tell by whom. */
interface HeldByUnknown {
  readonly state: "held by unknown";
  /**
   * The living process that took the lock, by the kernel's table; it may have handed it on. Null if the
   * table does not tell.
   */
  readonly taker: ProcessInfo | null;
}

/** Held by processes that share it, as by `flock -s`; nobody has it exclusively. */
interface Shared {
  readonly state: "shared";
  /** The processes that share it. */
  readonly holders: readonly ProcessInfo[];
}

/** Not a regular file, and so no lock file: it was not opened. */
interface Unsafe {
  readonly state: "unsafe";
  /** What it is. */
  readonly reason: string;
}

/** The file may not be read, or not be opened. */
interface Unreadable {
  readonly state: "unreadable";
  /**
   * The living process that took the lock, by the kernel's table; it may have handed it on. Null if the table does not
   * tell: whether it is held is not known then.
   */
  readonly taker: ProcessInfo | null;
  /** What the system says against it. */
  readonly reason: string;
}

/**
 * What there is to say of one lock.
 *
 * @throws LockFileNativeMissing
 */
export async function inspectLock(path: string): Promise<LockState> {
  return stateOf(path, await findHolders([path], new Turn()));
}

/**
 * The same beside others that look at the same time: all begin with one reading of the kernel's table, and share turns of
 * the event loop.
 */
export async function inspectLockTogether(path: string): Promise<LockState> {
  const read = () => recentLockTable(TABLE_AGE_MS);
  return stateOf(path, await findHolders([path], turn, read));
}

const turn = new Turn();

/** How old (ms) the table may be with which a look begins, before its turn comes. */
const TABLE_AGE_MS = 20;

function stateOf(path: string, findings: ReadonlyMap<string, FindingWithQueue>): LockState {
  const finding = findings.get(path);
  return (finding && describeFinding(finding, describeProcess)) ?? { state: "free", waiters: [] };
}

/** Names the processes of a finding. @returns null if there is no file. */
export function describeFinding(
  finding: FindingWithQueue,
  describe: (pid: number) => ProcessInfo,
): LockState | null {
  if (finding.state === "gone") return null;
  const waiters = finding.waiters.map(describe);
  const takerOf = (pid: number | null): ProcessInfo | null =>
    pid !== null && pid > 0 && isAlive(pid) ? describe(pid) : null;
  switch (finding.state) {
    case "free":
      return { waiters, state: "free" };
    case "held":
      return { waiters, state: "held", holder: describe(finding.pid), since: finding.since };
    case "shared":
      return { waiters, state: "shared", holders: finding.pids.map(describe) };
    case "held by unknown":
      return { waiters, state: finding.state, taker: takerOf(finding.lockedBy) };
    case "unreadable": {
      const { reason, lockedBy } = finding;
      return { waiters, state: finding.state, reason, taker: takerOf(lockedBy) };
    }
    case "unsafe":
      return { waiters, state: finding.state, reason: finding.reason };
  }
}
