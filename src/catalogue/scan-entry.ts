import type { LockFile } from "../lock-file.js";
import type { ProcessInfo } from "../system/process.js";

/** What was seen of one file; `state` tells which, and `lock.kind` which lock it is. */
export type ScanEntry<L extends LockFile> = LockPath<L> & Waiters & State;

/** Who is blocked in flock(2) on the file, by the kernel's table. */
interface Waiters {
  /**
   * The processes that wait for the lock, in the order of the kernel's queue. A contender of this library joins the
   * queue after some tries, within a second, and one process stands there for all of its contenders.
   */
  readonly waiters: readonly ProcessInfo[];
}

/** A file with the name of a lock file. */
export interface LockPath<L extends LockFile> {
  /** Absolute path of the file. */
  readonly path: string;
  /** Its lock, of the most specific kind that reads the name; null if no kind of the catalogue does. */
  readonly lock: L | null;
}

/** What there is to say of the file, case by case. */
type State = Free | Held | HeldByUnknown | Shared | Unsafe | Unreadable;

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
