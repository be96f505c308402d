import type { LockFile } from "../lock-file.js";
import type { ProcessInfo } from "../system/process.js";

/** What was seen of one file; `state` tells which, and `lock.kind` which lock it is. */
export type ScanEntry<L extends LockFile> = LockPath<L> & State;

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

/** Whether it is held cannot be told. */
interface Unreadable {
  readonly state: "unreadable";
  /** What the system says against it. */
  readonly reason: string;
}
