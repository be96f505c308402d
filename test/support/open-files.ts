import { readdirSync, readlinkSync } from "node:fs";

/**
 * What a process has open: each descriptor, and what it leads to. Without the one of inotify(7): Node.js keeps it for
 * the whole thread once something has been watched.
 */
export function openFiles(pid: number | string): Map<string, string> {
  const files = new Map<string, string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const path = readlinkSync(`/proc/${pid}/fd/${fd}`);
      if (path !== "anon_inode:inotify") files.set(fd, path);
    } catch {
      // Closed while we looked.
    }
  }
  return files;
}
