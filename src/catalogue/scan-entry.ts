import type { LockState } from "../holder/lock-state.js";
import type { LockFile } from "../lock-file.js";

/** What was seen of one file; `state` tells which, and `lock.kind` which lock it is. */
export type ScanEntry<L extends LockFile> = LockPath<L> & LockState;

/** A file with the name of a lock file. */
export interface LockPath<L extends LockFile> {
  /** Absolute path of the file. */
  readonly path: string;
  /** Its lock, of the most specific kind that reads the name; null if no kind of the catalogue does. */
  readonly lock: L | null;
}
