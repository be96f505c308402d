import { ftruncateSync, readSync, writeSync } from "node:fs";
import { codeOf } from "../errors.js";

/** What a lock file says about its holder. */
export interface Stamp {
  /** The PID of the first line, or null if that line is anything else. */
  readonly pid: number | null;
  /** Whether the line is ended: one that is not may be half written. */
  readonly complete: boolean;
}

/**
 * Writes `"<pid>\n"`, and nothing else, over whatever a past holder left. Shortens the file only if it is longer:
 * cutting it to nothing first makes ext4 flush, which costs more than all the rest.
 *
 * @param size Length of the file in bytes, as it is now.
 * @param overwritesLine Whether a line of text may be a garbled stamp, and not only digits and spaces.
 * @param pid The holder's, if it is not this process.
 * @returns the stamp; null if there is none. Content that no lock program wrote stays as it is, and a full disk does
 *   not cost the lock: in both cases the kernel alone knows the holder.
 */
export function writeStamp(
  fd: number,
  size: number,
  overwritesLine: boolean,
  pid: number = process.pid,
): Buffer | null {
  try {
    if (!isOfLockProgram(fd, size, overwritesLine)) return null;
  } catch {
    return null;
  }
  const stamp = pid === process.pid ? STAMP : Buffer.from(`${pid}\n`, "latin1");
  try {
    if (writeSync(fd, stamp, 0, stamp.length, 0) === stamp.length) {
      if (size > stamp.length) shorten(fd, stamp.length);
      return stamp;
    }
  } catch {
    // Reported by the result.
  }
  // Half a PID, or the PID of a past holder, is worse than none.
  shorten(fd, 0);
  return null;
}

/**
 * Whether what is in the file may be overwritten or removed: what lock programs write, a PID and white space. A
 * program whose config.json or nodes.conf is locked must find it as it was.
 *
 * @throws the system's error if it cannot be read.
 */
export function isOfLockProgram(fd: number, size: number, overwritesLine: boolean): boolean {
  if (size === 0) return true;
  if (size > LONGEST_STAMP) return false;
  const text = SCRATCH.toString("latin1", 0, readStart(fd, size));
  return /^[\d \t\r\n]*$/.test(text) || (overwritesLine && /^[^\0\n]*\n?$/.test(text));
}

function shorten(fd: number, length: number): void {
  try {
    ftruncateSync(fd, length);
  } catch {
    // The file cannot be changed; the lock is held nonetheless.
  }
}

/**
 * Writes spaces over a stamp, so that nobody ever reads the PID of a past holder. Does nothing if a program has
 * written something else into the file while it held the lock, such as the state that it protects. Never throws.
 */
export function blankStamp(fd: number, stamp: Buffer): void {
  try {
    const length = readStart(fd, stamp.length + 1);
    if (SCRATCH.compare(stamp, 0, stamp.length, 0, length) !== 0) return;
    writeSync(fd, BLANK, BLANK.length - stamp.length, stamp.length, 0);
  } catch {
    // The lock is released all the same.
  }
}

/**
 * Reads the first line of a lock file: strictly a decimal PID without sign, leading zeros or spaces.
 *
 * @throws the system's error if it cannot be read.
 */
export function readStamp(fd: number): Stamp {
  const text = SCRATCH.toString("latin1", 0, readStart(fd, LONGEST_LINE));
  const end = text.indexOf("\n");
  const line = end === -1 ? text : text.slice(0, end);
  const pid = /^[1-9][0-9]{0,9}$/.test(line) ? Number(line) : null;
  return { pid: pid !== null && pid <= LARGEST_PID ? pid : null, complete: end !== -1 };
}

/** Reads into SCRATCH. Node.js calls read(2) once, and a signal may interrupt it on FUSE and NFS. */
function readStart(fd: number, length: number): number {
  for (;;) {
    try {
      return readSync(fd, SCRATCH, 0, length, 0);
    } catch (error) {
      if (codeOf(error) !== "EINTR") throw error;
    }
  }
}

// Made once: a process keeps its PID, and worker threads share it.
const STAMP = Buffer.from(`${process.pid}\n`, "latin1");
/** As long as the longest stamp; a shorter one takes its end. */
const BLANK = Buffer.from(`${" ".repeat(10)}\n`, "latin1");

/** The longest line (bytes) that can be a garbled stamp: Barman's have ten digits at most. More is somebody's data. */
const LONGEST_STAMP = 64;

/** More than a PID of ten digits and its line end, so that a longer number is seen to be longer. */
const LONGEST_LINE = 32;

const SCRATCH = Buffer.alloc(LONGEST_STAMP);

/** pid_t is a signed 32-bit integer. */
const LARGEST_PID = 2 ** 31 - 1;
