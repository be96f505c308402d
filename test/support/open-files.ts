import { readdirSync, readlinkSync } from "node:fs";

/** What a process has open: each descriptor, and what it leads to. */
export function openFiles(pid: number | string): Map<string, string> {
  const files = new Map<string, string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      files.set(fd, readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      // Closed while we looked.
    }
  }
  return files;
}
