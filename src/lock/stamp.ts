import { ftruncateSync, readSync, writeSync } from "node:fs";
import { codeOf } from "../errors.js";
import { isAlive } from "../system/process.js";

/** What a lock file says about its holder. */
export interface Stamp {
  /** The PID of the first line, or null if that line is anything else. */
  readonly pid: number | null;
  /** Whether the line is ended: one that is not may be half written. */
  readonly complete: boolean;
}

/** What a holder has written into its file, and where, so that it is blanked on release. */
export interface Written {
  readonly bytes: Buffer;
  /** Offset in bytes. */
  readonly at: number;
}

/** Who shares a lock, by what it has written into the file: a process, and its descriptor of the file. */
export interface Share {
  readonly pid: number;
  readonly fd: number;
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
): Written | null {
  try {
    if (!isOfLockProgram(fd, size, overwritesLine)) return null;
  } catch {
    return null;
  }
  const stamp = pid === process.pid ? OURS : stampOf(pid);
  const { length } = stamp.bytes;
  try {
    if (writeSync(fd, stamp.bytes, 0, length, 0) === length) {
      if (size > length) shorten(fd, length);
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
 * Writes `"<pid> <descriptor>\n"` into a free place of a file whose lock this process shares, so that a contender can
 * ask the system for the very descriptor that is in its way, and need not read the kernel's table. There are four
 * places of {@link PLACE} bytes. Two that come at the same moment may take the same place, and then one of them is in
 * the table alone, as the fifth is.
 *
 * @param size Length of the file in bytes, as it is now.
 * @returns null if nothing was written: no place is free, the file holds something else, or cannot be written.
 */
export function writeShare(
  fd: number,
  size: number,
  { pid, fd: descriptor }: Share = { pid: process.pid, fd },
): Written | null {
  const bytes = Buffer.from(`${pid} ${descriptor}\n`.padEnd(PLACE), "latin1");
  try {
    if (bytes.length > PLACE || !isOfLockProgram(fd, size, false)) return null;
    const at = freePlace(readPlaces(fd));
    if (at === null) return null;
    return writeSync(fd, bytes, 0, PLACE, at) === PLACE ? { bytes, at } : null;
  } catch {
    return null;
  }
}

/** Who shares the lock of a file, as far as they have written it down; also who is gone and could not take it back. */
export function readShares(fd: number): Share[] {
  return readPlaces(fd).flatMap((place) => shareIn(place) ?? []);
}

function freePlace(places: readonly string[]): number | null {
  for (let at = 0; at < LONGEST_STAMP; at += PLACE) {
    const share = shareIn(places[at / PLACE] ?? "");
    // A stamp is that of a past holder: nobody else has the lock beside who shares it.
    if (share === null || !isAlive(share.pid)) return at;
  }
  return null;
}

function readPlaces(fd: number): string[] {
  const text = SCRATCH.toString("latin1", 0, readAt(fd, LONGEST_STAMP, 0));
  return text.match(PLACES) ?? [];
}

function shareIn(place: string): Share | null {
  const { pid, fd } = /^(?<pid>[1-9]\d*) (?<fd>\d+)\n *$/.exec(place)?.groups ?? {};
  return pid === undefined ? null : { pid: Number(pid), fd: Number(fd) };
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
  const text = SCRATCH.toString("latin1", 0, readAt(fd, size, 0));
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
 *
 * @returns whether it did.
 */
export function blankStamp(fd: number, { bytes, at }: Written): boolean {
  try {
    // A stamp has the file to itself; where shares are, others may follow.
    const length = readAt(fd, bytes.length === PLACE ? PLACE : bytes.length + 1, at);
    if (SCRATCH.compare(bytes, 0, bytes.length, 0, length) !== 0) return false;
    writeSync(fd, BLANK, BLANK.length - bytes.length, bytes.length, at);
    return true;
  } catch {
    return false; // The lock is released all the same.
  }
}

/**
 * Reads the first line of a lock file: strictly a decimal PID without sign, leading zeros or spaces.
 *
 * @throws the system's error if it cannot be read.
 */
export function readStamp(fd: number): Stamp {
  const text = SCRATCH.toString("latin1", 0, readAt(fd, LONGEST_LINE, 0));
  const end = text.indexOf("\n");
  const line = end === -1 ? text : text.slice(0, end);
  const pid = /^[1-9][0-9]{0,9}$/.test(line) ? Number(line) : null;
  return { pid: pid !== null && pid <= LARGEST_PID ? pid : null, complete: end !== -1 };
}

/** Reads into SCRATCH. Node.js calls read(2) once, and a signal may interrupt it on FUSE and NFS. */
function readAt(fd: number, length: number, position: number): number {
  for (;;) {
    try {
      return readSync(fd, SCRATCH, 0, length, position);
    } catch (error) {
      if (codeOf(error) !== "EINTR") throw error;
    }
  }
}

// Made once: a process keeps its PID, and worker threads share it.
const OURS = stampOf(process.pid);

function stampOf(pid: number): Written {
  return { bytes: Buffer.from(`${pid}\n`, "latin1"), at: 0 };
}

/** Of a share, in bytes: a PID and a descriptor of seven digits each, which Linux has at most unless told otherwise. */
const PLACE = 16;
const PLACES = /.{1,16}/gs;
/** As long as the longest that is written; a shorter one takes its end. */
const BLANK = Buffer.from(`${" ".repeat(PLACE - 1)}\n`, "latin1");

/** The longest line (bytes) that can be a garbled stamp: Barman's have ten digits at most. More is somebody's data. */
const LONGEST_STAMP = 64;

/** More than a PID of ten digits and its line end, so that a longer number is seen to be longer. */
const LONGEST_LINE = 32;

const SCRATCH = Buffer.alloc(LONGEST_STAMP);

/** pid_t is a signed 32-bit integer. */
const LARGEST_PID = 2 ** 31 - 1;
