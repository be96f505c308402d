import {
  codeOf,
  isSystemError,
  LockFileException,
  LockFilePermissionDenied,
  LockFileUnsafe,
  messageOf,
} from "../errors.js";
import { provenSharers } from "../lock/sharers.js";
import { readStamp, type Stamp } from "../lock/stamp.js";
import { lockShared, triesAreSlow } from "../system/flock.js";
import {
  closeQuietly,
  type Identity,
  identityAt,
  identityOf,
  isSame,
  openToInspect,
  statusAt,
  statusOf,
  typeOf,
} from "../system/open-file.js";
import { type LockTable, type TableName, tableNameAt, tableNameOf } from "../system/proc-locks.js";
import { lockOf } from "../system/process.js";
import { unsafe } from "../system/refusal.js";
import { visible } from "../text.js";

/** What one look at a file tells, before kernel and processes are asked who has its lock. */
export type Inspection =
  | { readonly state: "gone" }
  | NotExclusive
  | HeldInspection
  | { readonly state: "unsafe"; readonly reason: string; readonly error: unknown }
  | Unreadable;

/** Whether somebody has the lock cannot be tried. */
interface Unreadable {
  readonly state: "unreadable";
  readonly reason: string;
  readonly error: unknown;
  /** What the kernel's table calls the file; null if that cannot be known, or the table was not read. */
  readonly tableName: TableName | null;
}

/** Nobody has the exclusive lock. */
interface NotExclusive {
  readonly state: "free";
  readonly file: Identity;
  readonly tableName: TableName | null;
}

/** Somebody has the exclusive lock. */
export interface HeldInspection {
  readonly state: "held";
  readonly file: Identity;
  /** What the kernel's table calls the file; null if nothing is left to ask it. */
  readonly tableName: TableName | null;
  readonly stamp: Stamp;
  /** Whether the process of the stamp has the lock, as the system shows. */
  readonly isProven: boolean;
  /** When the file was last written. */
  readonly written: Date;
}

/**
 * Looks at a file without disturbing anyone: opens nothing but a regular file, with a read-only descriptor, and
 * tries the shared lock for a few microseconds, which contenders recognize.
 *
 * @param table The kernel's table, if it was read just before for many files: else the process of the stamp is asked.
 * @throws LockFileNativeMissing; everything else is part of what it tells.
 */
export function inspect(path: string, table?: LockTable | null): Inspection {
  try {
    const there = statusAt(path);
    if (there === null) return missing(path);
    const type = typeOf(there);
    if (type !== null) return { state: "unsafe", reason: type, error: unsafe(path, type) };
    for (let tries = 0; ; tries++) {
      const seen = lookInto(path, table);
      // Held, but not the file at the path any more: that lock excludes nobody who comes now.
      if (seen !== null || tries === TRIES_TO_FIND_IT) return seen ?? { state: "gone" };
    }
  } catch (error) {
    if (error instanceof LockFileUnsafe) {
      return { state: "unsafe", reason: messageOf(error), error };
    }
    if (error instanceof LockFilePermissionDenied) {
      const reason = `no permission to read it (${codeOf(error.cause)})`;
      return { state: "unreadable", reason, error, tableName: table ? tableNameAt(path) : null };
    }
    if (!isSystemError(error)) throw error;
    return { state: "unreadable", reason: messageOf(error), error, tableName: null };
  }
}

/** The processes that share the lock of the file at a path, as far as the file and the system prove it. */
export function inspectSharers(path: string): number[] {
  const file = openToInspect(path);
  if (file === null) return [];
  try {
    return provenSharers(file.fd);
  } finally {
    closeQuietly(file.fd);
  }
}

function isHolder(
  pid: number,
  file: Identity,
  tableName: TableName | null,
  table: LockTable | null | undefined,
): boolean {
  if (table?.exclusiveOf(tableName) === pid) return true;
  // If programs take the locks, the table names them and not who they took it for.
  return (table === undefined || triesAreSlow()) && lockOf(pid, file) === "exclusive";
}

/**
 * Whether the kernel's table spares a look that would start a program. If it has no line, the lock is tried all the
 * same: it does not list processes of other PID namespaces, and may leave one out that comes while it is read.
 */
function isTold(tableName: TableName | null, table: LockTable | null | undefined): boolean {
  return table?.exclusiveOf(tableName) != null && triesAreSlow();
}

function lookInto(
  path: string,
  table: LockTable | null | undefined,
): NotExclusive | HeldInspection | { state: "gone" } | null {
  const file = openToInspect(path);
  if (file === null) return { state: "gone" };
  try {
    const status = statusOf(file);
    const { mtime: written } = status;
    const identity = identityOf(file, status);
    // Only if the table may list it: a name costs a read of /proc.
    const named = table?.mayList(identity) ? tableNameOf(file) : null;
    const stamp = readStamp(file.fd);
    // A holder that is known needs no look at the lock: a look that is stopped in the middle (Ctrl-Z) would keep the
    // next holder out until it goes on.
    let isProven = stamp.pid !== null && isHolder(stamp.pid, identity, named, table);
    try {
      if (!isProven && !isTold(named, table) && lockShared(file.fd)) {
        return { state: "free", file: identity, tableName: named };
      }
    } catch (error) {
      // Nothing can be tried, and the table may have left the holder out: the process of the stamp is asked.
      if (stamp.pid === null || lockOf(stamp.pid, identity) !== "exclusive") throw error;
      isProven = true;
    }
    const there = identityAt(path);
    if (there === null || !isSame(there, identity)) return null;
    const tableName = named ?? (isProven ? null : tableNameOf(file));
    return { state: "held", file: identity, tableName, stamp, written, isProven };
  } finally {
    closeQuietly(file.fd);
  }
}

/** A name that is not UTF-8 was read with U+FFFD in place of what it holds, and then does not lead to the file. */
function missing(path: string): Inspection {
  if (!path.includes("\uFFFD")) return { state: "gone" };
  const reason = "its name is not UTF-8, so it cannot be opened by name";
  const error = new LockFileException(`${visible(path)} cannot be inspected: ${reason}.`, path);
  return { state: "unreadable", reason, error, tableName: null };
}

/** Whoever replaces a file again and again at the very moment of a look is no sweeper. */
const TRIES_TO_FIND_IT = 100;
