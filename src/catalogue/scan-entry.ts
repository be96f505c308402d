import type { LockFile } from "../lock-file.js";
import type { ProcessInfo } from "../system/process.js";

/** What was seen of one file; `state` tells which, and `lock.kind` which lock it is. */
export type Sighting<L extends LockFile> = SeenFile<L> & State;

/** A file with the name of a lock file. */
export interface SeenFile<L extends LockFile> {
  /** Absolute path of the file. */
  readonly path: string;
  /** Its lock, of the most specific kind that reads the name; null where no kind of the catalogue does. */
  readonly lock: L | null;
}

/** What there is to say of the file, case by case. */
type State = Free | Holding | Unsafe | Unreadable;

/** How a held lock is held. */
export type Holding = Held | HeldByUnknown;

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
   * where the PID in the file is not the holder's.
   */
  readonly since: Date | null;
}

/** Held, and the file does not say by whom. */
interface HeldByUnknown {
  readonly state: "held by unknown";
  /**
   * The living process that took the lock, by the kernel's table; it may have handed it on. Null where the
   * table does not tell.
   */
  readonly taker: ProcessInfo | null;
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
