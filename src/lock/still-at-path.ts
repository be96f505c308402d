import { lstatSync, type Stats, statfsSync } from "node:fs";
import { type Identity, identityOf, isSame, type OpenFile } from "../system/open-file.js";

/**
 * Whether a locked file is still the one at its path. Where it was unlinked or replaced in the meantime,
 * a lock on it excludes nobody: whoever comes next locks the file that is there now.
 *
 * On file systems that are known to count links truthfully, an only link that is still there settles it
 * without a look at the path, which would cost a sixth of a whole take and release. What that cannot
 * see is a file that someone *moved* between our open and our lock; in the microseconds of a take
 * without a wait that is the same as a move right after it.
 *
 * @param status Of the open file, read after it was locked.
 * @param waited Whether the lock was waited for, so that anything may have happened since the open.
 */
export function isStillAtPath(file: OpenFile, { nlink, dev }: Stats, waited: boolean): boolean {
  if (!waited && nlink === 1 && countsLinks.get(dev) === true) return true;
  const there = identityAt(file.path);
  if (there === null || !isSame(there, identityOf(file))) return false;
  if (!countsLinks.has(dev)) learn(dev, file.path);
  return true;
}

/** Which file is at a path now; null where there is none. */
export function identityAt(path: string): Identity | null {
  return lstatSync(path, EXACT_OR_MISSING) ?? null;
}

function learn(dev: number, path: string): void {
  try {
    countsLinks.set(dev, TRUTHFUL.has(statfsSync(path).type));
  } catch {
    // Swept away since; another time.
  }
}

const EXACT_OR_MISSING = { bigint: true, throwIfNoEntry: false } as const;

/** Whether an unlinked file has no link left, per device. */
const countsLinks = new Map<number, boolean>();

/**
 * The `f_type` (statfs(2)) of ext2/3/4, XFS, Btrfs and tmpfs. Others rename an open file that is
 * unlinked (FUSE, NFS) or answer for a layer below (overlayfs).
 */
const TRUTHFUL: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994]);
