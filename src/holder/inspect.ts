import { closeSync, lstatSync } from "node:fs";
import { LockFileNativeMissing, LockFilePermissionDenied, LockFileUnsafe } from "../errors.js";
import { readStamp, type Stamp } from "../lock/stamp.js";
import { isStillAtPath } from "../lock/still-at-path.js";
import { lockShared } from "../system/flock.js";
import {
  codeOf,
  type Identity,
  identityOf,
  openToLook,
  statusOf,
  typeOf,
} from "../system/open-file.js";

/** What one look at a file tells, before the kernel's table is asked who took its lock. */
export type Glance =
  | { readonly state: "gone" }
  | { readonly state: "free" }
  | { readonly state: "unsafe"; readonly reason: string }
  | { readonly state: "unreadable"; readonly reason: string }
  | {
      readonly state: "held";
      readonly file: Identity;
      readonly stamp: Stamp;
      /** When the file was last written. */
      readonly written: Date;
      /** Whether the locked file is the one at the path, so that the lock excludes who comes now. */
      readonly atPath: boolean;
    };

/**
 * Looks at a file without disturbing anyone: nothing is opened that is not a regular file, the
 * descriptor is read-only, and the lock tried is the shared one, which contenders can tell from a holder's.
 *
 * @throws LockFileNativeMissing; everything else is part of what it tells.
 */
export function glanceAt(path: string): Glance {
  try {
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined) return missing(path);
    const type = typeOf(there);
    return type === null ? lookInto(path) : { state: "unsafe", reason: type };
  } catch (error) {
    /* v8 ignore next -- it was put there between the two looks. */
    if (error instanceof LockFileUnsafe) return { state: "unsafe", reason: error.message };
    if (error instanceof LockFilePermissionDenied) {
      const reason = `no permission to read it (${String(codeOf(error.cause))})`;
      return { state: "unreadable", reason };
    }
    const isSystems = error instanceof Error && "code" in error;
    if (!isSystems || error instanceof LockFileNativeMissing) throw error;
    return { state: "unreadable", reason: error.message };
  }
}

function lookInto(path: string): Glance {
  const file = openToLook(path);
  /* v8 ignore next -- it went between the two looks. */
  if (file === null) return { state: "gone" };
  try {
    const status = statusOf(file);
    if (lockShared(file.fd)) return { state: "free" };
    const stamp = readStamp(file.fd);
    const atPath = isStillAtPath(file, status, true);
    return { state: "held", file: identityOf(file), stamp, written: status.mtime, atPath };
  } finally {
    closeSync(file.fd);
  }
}

/** A name that is not UTF-8 was read with U+FFFD in place of what it holds, and then does not lead to the file. */
function missing(path: string): Glance {
  if (!path.includes("\uFFFD")) return { state: "gone" };
  return { state: "unreadable", reason: "its name is not UTF-8, so it cannot be opened by name" };
}
