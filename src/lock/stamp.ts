import { ftruncateSync, readSync, writeSync } from "node:fs";

/** What a lock file says about its holder. */
export interface Stamp {
  /** The PID of the first line, or null where that line is anything else. */
  readonly pid: number | null;
  /** Whether the line is ended: one that is not may be half written. */
  readonly complete: boolean;
}

/**
 * Writes `"<pid>\n"`, and nothing else, over whatever a past holder left. Shortens the file only where
 * it is longer: cutting it to nothing first makes ext4 flush, which costs more than all the rest.
 *
 * @param size Length of the file in bytes, as it is now.
 * @returns whether the stamp is there. A full disk does not cost the lock: the holder is then unknown.
 */
export function writeStamp(fd: number, size: number): boolean {
  try {
    if (writeSync(fd, STAMP, 0, STAMP.length, 0) === STAMP.length) {
      if (size > STAMP.length) shorten(fd, STAMP.length);
      return true;
    }
  } catch {
    // Told by the result.
  }
  // Half a PID, or the PID of a past holder, is worse than none.
  shorten(fd, 0);
  return false;
}

function shorten(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    // The file cannot be changed; the lock is held nonetheless.
  }
}

/** Puts blanks over our stamp, so that nobody ever reads the PID of a past holder. Never throws. */
export function blankStamp(fd: number): void {
  try {
    writeSync(fd, BLANK, 0, BLANK.length, 0);
  } catch {
    // The lock is given back all the same.
  }
}

/** Reads the first line of a lock file: strictly a decimal PID without sign, zeros in front or blanks. */
export function readStamp(fd: number): Stamp {
  const buffer = Buffer.alloc(LONGEST_LINE);
  const text = buffer.toString("latin1", 0, readSync(fd, buffer, 0, buffer.length, 0));
  const end = text.indexOf("\n");
  const line = end === -1 ? text : text.slice(0, end);
  const pid = /^[1-9][0-9]{0,9}$/.test(line) ? Number(line) : null;
  return { pid: pid !== null && pid <= LARGEST_PID ? pid : null, complete: end !== -1 };
}

// Made once: a process keeps its PID, and worker threads share it.
const STAMP = Buffer.from(`${process.pid}\n`, "latin1");
const BLANK = Buffer.from(`${" ".repeat(STAMP.length - 1)}\n`, "latin1");

/** More than a PID of ten digits and its line end, so that a longer number is seen to be longer. */
const LONGEST_LINE = 32;

/** pid_t is a signed 32-bit integer. */
const LARGEST_PID = 2 ** 31 - 1;
