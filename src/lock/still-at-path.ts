import { type Stats, statfsSync } from "node:fs";
import { identityAt, identityOf, isSame, type OpenFile } from "../system/open-file.js";

/**
 * Whether a locked file is still the one at its path. If it was unlinked or replaced in the meantime, a lock on
 * it excludes nobody: whoever comes next locks the file that is there now.
 *
 * A file that had one link when it was opened, and still has it, was not unlinked: that settles it without a look
 * at the path, which costs twice as much, on file systems known to count links truthfully. The number alone does
 * not: a snapshot by `cp -al` may have given the file a second link, so that one is left when its path is gone.
 *
 * @param before Its status before it was locked; null if it was waited for, so that anything may have happened.
 * @param after Its status, read after it was locked.
 */
export function isStillAtPath(file: OpenFile, before: Stats | null, after: Stats): boolean {
  const { dev } = after;
  if (before?.nlink === 1 && after.nlink === 1 && countsLinks.get(dev) === true) {
    // Linking and unlinking both change ctime; so does a holder's stamp, and then the path is asked.
    if (before.ctimeMs === after.ctimeMs) return true;
  }
  const there = identityAt(file.path);
  if (there === null || !isSame(there, identityOf(file))) return false;
  if (!countsLinks.has(dev)) learn(dev, file.path);
  return true;
}

function learn(dev: number, path: string): void {
  try {
    countsLinks.set(dev, TRUTHFUL.has(statfsSync(path).type));
  } catch {
    // Swept away since; another time.
  }
}

/** Whether an unlinked file has no link left, per device. */
const countsLinks = new Map<number, boolean>();

/**
 * The `f_type` (statfs(2)) of ext2/3/4, XFS, Btrfs and tmpfs. Others rename an open file that is
 * unlinked (FUSE, NFS) or answer for a layer below (overlayfs).
 */
const TRUTHFUL: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x9123683e, 0x01021994]);
