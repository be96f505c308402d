import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { codeOf, isSystemError, LockFileNativeMissing, messageOf } from "../errors.js";

/** flock(2) of fs-ext, and the operations that do not wait. */
export interface Native {
  readonly flock: (fd: number, operation: number) => void;
  /** Clears FD_CLOEXEC, so that a descriptor stays open when this process becomes another program. */
  readonly keepOpenOnExec: (fd: number) => void;
  readonly exclusive: number;
  readonly shared: number;
  readonly none: number;
}

/** @throws LockFileNativeMissing if the add-on could not be loaded. */
export function native(): Native {
  if ("failure" in loaded) {
    throw new LockFileNativeMissing(explain(loaded.failure), "fs-ext", loaded.failure);
  }
  return loaded;
}

/**
 * Loaded with this module and not at the first lock, when a process may have no descriptor left to load it with.
 * That it cannot be loaded is reported at the first lock: names can be built and read without it.
 */
const loaded: Native | { readonly failure: unknown } = load();

interface Addon {
  readonly flock: Native["flock"];
  readonly fcntl: (fd: number, command: number, argument: number) => unknown;
  readonly constants: Readonly<
    Record<"LOCK_SH" | "LOCK_EX" | "LOCK_NB" | "LOCK_UN" | "F_SETFD", number>
  >;
}

function load(): Native | { readonly failure: unknown } {
  try {
    // Made a CommonJS bundle by esbuild, `import.meta` is empty, and the file has a name instead.
    const require = createRequire(import.meta.url ?? __filename);
    const { flock, fcntl, constants } = isMainThread ? loadOnce(require) : loadCopy(require);
    return {
      flock,
      keepOpenOnExec: (fd) => void fcntl(fd, constants.F_SETFD, 0),
      exclusive: constants.LOCK_EX | constants.LOCK_NB,
      shared: constants.LOCK_SH | constants.LOCK_NB,
      none: constants.LOCK_UN,
    };
  } catch (failure) {
    return { failure };
  }
}

/** In CommonJS only. */
declare const __filename: string;

function loadOnce(require: NodeJS.Require): Addon {
  const { flockSync, fcntlSync, constants } = require("fs-ext");
  return { flock: flockSync, fcntl: fcntlSync, constants };
}

/**
 * fs-ext 2.1 keeps handles of the thread that has loaded it in static variables, and loading it in a second
 * Worker after the first has ended brings the process down. So each Worker loads a copy, with variables
 * of its own; the file is gone as soon as it is mapped.
 */
function loadCopy(require: NodeJS.Require): Addon {
  const original = join(dirname(require.resolve("fs-ext")), "build", "Release", "fs_ext.node");
  // Not there, or not to be read: as on the main thread, the system says why.
  if (!existsSync(original)) return loadOnce(require);
  const failures: unknown[] = [];
  for (const parent of [tmpdir(), "/dev/shm", dirname(original)]) {
    try {
      return loadCopyIn(parent, original);
    } catch (error) {
      // No such directory, no permission, or nothing may be executed there.
      failures.push(error);
    }
  }
  throw failures[0];
}

function loadCopyIn(parent: string, original: string): Addon {
  const directory = mkdtempSync(join(parent, "lock-catalogue-"));
  try {
    const copy = join(directory, "fs_ext.node");
    copyFileSync(original, copy);
    const module = { exports: {} as Addon };
    process.dlopen(module, copy);
    return module.exports;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Why the add-on of fs-ext, which takes the lock, could not be loaded, and what to do about it. */
function explain(failure: unknown): string {
  return `The native add-on of fs-ext, which takes the lock, ${reasonOf(failure)}`;
}

function reasonOf(failure: unknown): string {
  const message = messageOf(failure);
  switch (codeOf(failure)) {
    case "ERR_DLOPEN_DISABLED":
      // Not in the types of Node.js 20.
      return Reflect.has(process, "permission")
        ? "may not be loaded: Node.js runs with its permission model, and without --allow-addons. Start it with --allow-addons."
        : "may not be loaded: Node.js runs with --no-addons. Start it without.";
    case "ERR_ACCESS_DENIED":
      return Reflect.get(Object(failure), "permission") === "FileSystemWrite"
        ? `is copied for each Worker, and the permission model of Node.js lets no directory take the copy. Start it with --allow-fs-write=${tmpdir()}.`
        : "may not be read: the permission model of Node.js keeps it from us. Start it with --allow-fs-read for node_modules.";
    case "MODULE_NOT_FOUND":
      if (!/Cannot find module 'fs-ext'/.test(message)) break;
      return "was not found: fs-ext is not installed where this code is. A bundle does not contain it: install it where the bundle runs, `npm install fs-ext`, which compiles it.";
    case "ERR_DLOPEN_FAILED":
      if (/NODE_MODULE_VERSION|compiled against|different Node/i.test(message)) {
        return `was built for another version of Node.js than ${process.version}. ${REBUILD}`;
      }
      if (!isMainThread) return noPlaceForCopy("noexec");
      return `cannot be loaded by this system (${message.split("\n")[0]}). ${REBUILD}`;
    default:
      // mkdtemp(3) and what fills the directory: EACCES, EROFS, ENOSPC, or ENOENT if TMPDIR names none.
      if (!isMainThread && isSystemError(failure)) return noPlaceForCopy(codeOf(failure));
  }
  return `was not built: package managers may block install scripts. Allow the one of fs-ext. ${REBUILD}`;
}

function noPlaceForCopy(why: string | undefined): string {
  return (
    `is copied for each Worker, and no directory takes the copy (${why}). Make one of these writable, and mount it ` +
    `without noexec: TMPDIR (${tmpdir()}), /dev/shm.`
  );
}

const REBUILD =
  "Have a C++ compiler, make and Python at hand, and run `npm rebuild fs-ext` " +
  "(pnpm: `pnpm rebuild fs-ext`, yarn: `yarn rebuild fs-ext`).";
