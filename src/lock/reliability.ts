import { seeAlso } from "../errors.js";
import { isOnNetwork } from "../system/file-system.js";
import type { Identity } from "../system/open-file.js";
import { visible } from "../text.js";

/**
 * Warns, once in a process, if a lock was taken on a network file system: whether it keeps anybody out on another host
 * is for its server and the options of the mount to say. Each device is asked about once.
 */
export function warnIfUnreliable(path: string, { dev }: Identity): void {
  if (asked.has(dev)) return;
  asked.add(dev);
  if (hasWarned || !isOnNetwork(path)) return;
  hasWarned = true;
  process.emitWarning(
    `${visible(path)} is on a network file system, where a lock may keep out nobody on other hosts, and may be lost ` +
      "without notice. Choose a lock directory on a local file system; for many hosts there is lock-catalogue/postgres. " +
      seeAlso(UNRELIABLE),
    { type: "LockWarning", code: UNRELIABLE },
  );
}

const UNRELIABLE = "LOCK_UNRELIABLE";

const asked = new Set<Identity["dev"]>();
let hasWarned = false;
