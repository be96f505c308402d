import { lstatSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { codeOf, LockFilePermissionDenied, LockFileUnsafe } from "../errors.js";
import type { LockFileRights } from "../options.js";
import { modeOf, rightsSaid, visible } from "../text.js";

/** What is at a path is no lock file. */
export function unsafe(path: string, what: string, cause?: unknown): LockFileUnsafe {
  return new LockFileUnsafe(
    `${visible(path)} is ${what}, not a regular file: it cannot be a lock file. ` +
      "Find out who put it there, and choose another lock directory or move it away.",
    path,
    cause,
  );
}

/**
 * Why a lock file could not be opened, and what to do about it.
 *
 * @param rights What its kind declares.
 */
export function explain(
  error: unknown,
  path: string,
  purpose: "reading" | "writing",
  rights: LockFileRights | null = null,
): unknown {
  const code = codeOf(error);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new LockFilePermissionDenied(
      `No permission to open the lock file ${visible(path)} for ${purpose} (${code}). ` +
        permissionRemedy(code, path, rights),
      path,
      error,
    );
  }
  // A loop of links on the way to it is no link at its place.
  if (code === "ELOOP" && statusIfSeen(path)?.isSymbolicLink()) {
    return unsafe(path, "a symbolic link", error);
  }
  if (code === "EISDIR") return unsafe(path, "a directory", error);
  if (code === "ENXIO") return unsafe(path, "a socket or a device", error);
  return error;
}

/** Why a file that was created just now could not be given its rights: an ID that this namespace has not, a sandbox. */
export function explainMaking(error: unknown, path: string, rights: LockFileRights): unknown {
  return new LockFilePermissionDenied(
    `No permission to give the lock file ${visible(path)} ${rightsSaid(rights)} (${codeOf(error)}); we are ` +
      `${ourselves()}. It was created without them: give it these rights as root, or remove it while ` +
      "nobody holds the lock, and take it as a user who may give them.",
    path,
    error,
  );
}

/** What to do about a refusal: it says who owns what, and who we are. */
function permissionRemedy(code: string, path: string, rights: LockFileRights | null): string {
  if (code === "EROFS") {
    return "The file system is mounted read-only: choose another lock directory, or find out why (`findmnt`, `dmesg`).";
  }
  if (code === "EPERM") {
    return "The file or its directory is immutable, even for root (see `lsattr`; `chattr -i` clears it), or a sandbox forbids it.";
  }
  const us = `we are ${ourselves()}`;
  const file = statusIfSeen(path);
  if (file !== undefined) {
    const said = `The file belongs to ${rightsOf(file)}; ${us}. `;
    if (code === "EPERM" || mayWrite(file)) {
      return `${said}Its mode is not the reason: see its attributes (\`lsattr\`), and the rules of the file system and of security modules.`;
    }
    if (file.uid === process.geteuid?.()) {
      return `${said}It is ours, and its mode keeps us out: \`chmod u+rw\` lets us in.`;
    }
    if (rights !== null) {
      return (
        `${said}Its catalogue says ${rightsSaid(rights)}, which a file gets when it is created, and keeps: have its ` +
        "owner give it these rights, or remove it while nobody holds the lock; or become a member of its group."
      );
    }
    return (
      `${said}If another user, such as root, took the lock once, the file is that user's: have its owner change its ` +
      "owner or mode, so that everybody who locks may read and write it."
    );
  }
  let directory = dirname(path);
  let status = statusIfSeen(directory);
  // The directory that keeps us out is one that we see, and see nothing of what is in it.
  while (status === undefined && directory !== "/") {
    directory = dirname(directory);
    status = statusIfSeen(directory);
  }
  const what =
    directory === dirname(path) ? "The lock directory" : "On the way to it, the directory";
  const found = status === undefined ? "is closed to us" : `belongs to ${rightsOf(status)}`;
  return (
    `${what} ${visible(directory)} ${found}; ${us}. Run as its owner, or give us search permission on it` +
    `${directory === dirname(path) ? ", and write permission, as a lock file that is not there is created" : ""}.`
  );
}

/** Whether the mode of a file lets us write it, as far as groups tell. */
function mayWrite({ uid, gid, mode }: Stats): boolean {
  const user = process.geteuid?.();
  if (user === 0) return true;
  if (user === uid) return (mode & 0o600) === 0o600;
  const isMember = process.getegid?.() === gid || process.getgroups?.().includes(gid) === true;
  return isMember ? (mode & 0o060) === 0o060 : (mode & 0o006) === 0o006;
}

/** Who this process is, for a message. */
export function ourselves(): string {
  const groups = new Set([process.getegid?.(), ...(process.getgroups?.() ?? [])]);
  const named = [...groups].slice(0, MOST_GROUPS).join(", ");
  return `user ${process.geteuid?.()}, group${groups.size > 1 ? "s" : ""} ${named}`;
}

const MOST_GROUPS = 10;

function rightsOf({ uid, gid, mode }: Stats): string {
  return `user ${uid}, group ${gid}, mode ${modeOf(mode)}`;
}

/** The status of what is at a path, if we may see it. */
export function statusIfSeen(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
