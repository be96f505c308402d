import { accessSync, constants, readFileSync, readlinkSync } from "node:fs";
import { listLockFiles } from "../catalogue/scan.js";
import { codeOf, messageOf } from "../errors.js";
import type { LockFile } from "../lock-file.js";
import { type FileSystem, fileSystemOf, mountOf } from "../system/file-system.js";
import { hasRights } from "../system/group.js";
import { findInPath } from "../system/helper-program.js";
import { native } from "../system/native.js";
import { statusAt } from "../system/open-file.js";
import { modeOf, rightsSaid } from "../text.js";
import type { AnyCatalogue } from "./catalogue-option.js";

/** What was found about one thing that locks need. */
export interface Check {
  readonly check: string;
  /** `limited`: locks exclude, and something else is slower or not told. */
  readonly verdict: "good" | "limited" | "bad";
  readonly found: string;
  /** What to do about it; null if there is nothing to do. */
  readonly remedy: string | null;
}

/** Looks for what would keep locks from working on this machine, and in a directory. */
export function examine(directory: string | undefined): Check[] {
  return [
    checkAddon(),
    checkHelpers(),
    checkProcesses(),
    checkNamespace(),
    ...(directory === undefined ? [] : [checkFileSystem(directory), checkPermissions(directory)]),
  ];
}

function checkAddon(): Check {
  const check = "add-on";
  try {
    const { program, why } = native();
    if (program === null) return good(check, `fs-ext is loaded, by Node.js ${process.version}`);
    const found = `not used: each try to take a lock starts ${program}, which takes some ms`;
    return { check, verdict: "limited", found, remedy: why };
  } catch (error) {
    return { check, verdict: "bad", found: "fs-ext cannot be loaded", remedy: messageOf(error) };
  }
}

function checkHelpers(): Check {
  const check = "helper programs";
  const missing = ["flock", "setpriv", "sh"].filter((name) => findInPath(name) === null);
  if (missing.length === 0) return good(check, "flock, setpriv and sh are in the PATH");
  const found = `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not in the PATH`;
  const effect = missing.includes("flock")
    ? [
        "a wait polls, and is often overtaken by those that wait in the kernel's queue",
        "util-linux",
      ]
    : "a helper of a process that was killed ends only once it gets the lock";
  return {
    check,
    verdict: "limited",
    found: `${found}: ${effect}`,
    remedy: "Install util-linux, or set the PATH.",
  };
}

/** What /proc shows of the processes of others. */
function checkProcesses(): Check {
  const check = "processes";
  const limited = (found: string, remedy: string): Check => ({
    check,
    verdict: "limited",
    found: `${found}: holders and waiters are told by the PID in the file alone, or not at all`,
    remedy,
  });
  try {
    readFileSync("/proc/locks");
  } catch (error) {
    return limited(`/proc/locks cannot be read (${codeOf(error)})`, "Mount /proc with its locks.");
  }
  const hides = /hidepid=(?!0|off)(\w+)/u.exec(mountOf("/proc")?.options ?? "")?.[1];
  if (hides === undefined || process.getuid?.() === 0) {
    return good(check, "/proc shows locks and processes");
  }
  return limited(
    `/proc hides the processes of others (hidepid=${hides})`,
    "Ask as root, or as a member of the group that the option gid= of the mount names.",
  );
}

function checkNamespace(): Check {
  const check = "PID namespace";
  let name: string;
  try {
    name = readlinkSync("/proc/self/ns/pid");
  } catch {
    return good(check, "this system has none");
  }
  if (name === FIRST_NAMESPACE) return good(check, "the host's");
  return {
    check,
    verdict: "limited",
    found: `a container's (${name}): locks exclude processes of other containers and of the host, which have no PID here`,
    remedy:
      "To be told who holds a lock, ask on the host, or share its PID namespace (docker run --pid=host).",
  };
}

/** The kernel's number of the namespace that it starts with. */
const FIRST_NAMESPACE = "pid:[4026531836]";

function checkFileSystem(directory: string): Check {
  const check = "file system";
  let system: FileSystem;
  try {
    system = fileSystemOf(directory);
  } catch (error) {
    return { check, verdict: "bad", found: messageOf(error), remedy: "Name another directory." };
  }
  const { type, mountPoint, reach } = system;
  const name = mountPoint === null ? type : `${type}, mounted at ${mountPoint}`;
  if (reach === "server") {
    return { check, verdict: "bad", found: `${name}: ${onServer(type)}`, remedy: LOCAL };
  }
  if (reach === "host") {
    return {
      check,
      verdict: "limited",
      found: `${name}: unless its server takes part, flock(2) excludes on this host only`,
      remedy: `If other hosts use these files: ${LOCAL}`,
    };
  }
  if (type === "overlay") {
    return {
      check,
      verdict: "limited",
      found: `${name}: flock(2) excludes within one container, as each has files of its own`,
      remedy: "If other containers or the host take these locks: put the directory on a volume.",
    };
  }
  return good(check, name);
}

function onServer(type: string): string {
  if (type.startsWith("nfs")) {
    return "flock(2) becomes a record lock at the server, and stays on this host with local_lock=flock";
  }
  if (/^(?:cifs|smb)/u.test(type)) {
    return "flock(2) becomes a mandatory lock at the server, and stays on this host with nobrl";
  }
  return "whether flock(2) excludes other hosts depends on its server and on the options of the mount";
}

const LOCAL =
  "choose a directory on a local file system; for many hosts there is lock-catalogue/postgres.";

function checkPermissions(directory: string): Check {
  const check = "permissions";
  try {
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return good(check, "this user may list the directory and create files in it");
  } catch (error) {
    const code = codeOf(error);
    return {
      check,
      verdict: "bad",
      found: `this user may not list the directory or create files in it (${code})`,
      remedy:
        code === "EROFS"
          ? "The file system is mounted read-only: choose another directory."
          : "Run it as the user who owns the directory.",
    };
  }
}

/**
 * Looks whether the lock files of a directory have the rights that their kinds declare: a file keeps those that it has.
 *
 * @returns a check for each file that has others; none at all if no kind declares any.
 */
export async function checkRights(
  catalogue: AnyCatalogue,
  directory: string,
): Promise<readonly Check[]> {
  const check = "rights";
  if (catalogue.kinds.every(({ FILE = null }) => FILE === null)) return [];
  let files: Awaited<ReturnType<typeof listLockFiles<LockFile>>>;
  try {
    files = await listLockFiles((path) => catalogue.identify(path), directory);
  } catch {
    // That the directory cannot be listed is told by another check.
    return [];
  }
  const wrong = files.flatMap(({ path, lock }): readonly Check[] => {
    const rights = lock && (lock.constructor as typeof LockFile).FILE;
    const status = rights && statusAt(path);
    if (!status || hasRights(status, rights)) return [];
    const { mode, gid } = status;
    const group = rights.group === undefined ? "" : ` and \`chgrp ${rights.group}\``;
    return [
      {
        check,
        verdict: "bad",
        found: `${path} has mode ${modeOf(mode)}, group ${gid}, and its catalogue says ${rightsSaid(rights)}`,
        remedy: `As its owner, \`chmod ${modeOf(rights.mode)}\`${group} it; or remove it while nobody holds or wants the lock.`,
      },
    ];
  });
  return wrong.length > 0
    ? wrong
    : [good(check, "the lock files have those that their kinds declare")];
}

function good(check: string, found: string): Check {
  return { check, verdict: "good", found, remedy: null };
}
