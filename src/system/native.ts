import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { codeOf, isSystemError, LockFileNativeMissing, messageOf, seeAlso } from "../errors.js";
import { flockByProgram, type Operation } from "./flock-program.js";
import { findInPath } from "./helper-program.js";
import { isMainThread, threads } from "./thread.js";

/** flock(2), and what else takes native code. */
export interface Native {
  /**
   * Locks or unlocks an open file, and never waits.
   *
   * @returns false if another open file has a lock that excludes this one.
   */
  readonly flock: (fd: number, operation: Operation) => boolean;
  /** The program that is started for each call of that; null if it is the add-on of fs-ext, which takes some µs. */
  readonly program: string | null;
  /** Why it is not the add-on, and what to do about it. */
  readonly why: string | null;
  /** Clears FD_CLOEXEC, so that a descriptor stays open when this process becomes another program; null if nothing can. */
  readonly keepOpenOnExec: ((fd: number) => void) | null;
}

/**
 * The add-on of fs-ext or, on Linux, the `flock` program in its place.
 *
 * @throws LockFileNativeMissing if there is neither.
 */
export function native(): Native {
  chosen ??= choose();
  return chosen;
}

/** The variable of the environment that chooses: `fs-ext`, `program`, or what there is, best first. */
const VARIABLE = "LOCK_CATALOGUE_FLOCK";
const wanted = process.env[VARIABLE] || null;

/**
 * Loaded with this module and not at the first lock, when a process may have no descriptor left to load it with.
 * That it cannot be loaded is reported at the first lock: names can be built and read without it.
 */
const loaded: Native | { readonly failure: unknown } =
  wanted === "program" ? { failure: null } : load();

let chosen: Native | undefined;

function choose(): Native {
  if (wanted !== null && wanted !== "program" && wanted !== "fs-ext") {
    throw new LockFileNativeMissing(
      `${VARIABLE} is ${JSON.stringify(wanted)}, which is no way to take a lock. Set it to fs-ext or to program, or to nothing.`,
      "fs-ext",
    );
  }
  if (!("failure" in loaded)) return loaded;
  const { failure } = loaded;
  const why =
    failure === null ? `${VARIABLE}=program is set. Unset it to use fs-ext.` : explain(failure);
  const program = wanted === "fs-ext" ? null : usableProgram();
  if (program === null || "missing" in program) {
    const missing = program === null ? "" : ` ${program.missing}`;
    throw new LockFileNativeMissing(why + missing, "fs-ext", failure ?? undefined);
  }
  return {
    flock: (fd, operation) => {
      if (failure !== null) warnOnce(program.path, why);
      return flockByProgram(program.path, fd, operation);
    },
    program: program.path,
    why,
    keepOpenOnExec: null,
  };
}

/** The `flock` program; or why it cannot take the place of the add-on, null where it never does. */
function usableProgram(): { readonly path: string } | { readonly missing: string } | null {
  // macOS has none, and those that can be had there are not known to act on a descriptor.
  if (process.platform !== "linux") return null;
  const permission: unknown = Reflect.get(process, "permission");
  const { has } = Object(permission) as { has?: (scope: string) => boolean };
  if (has?.call(permission, "child") === false) {
    return {
      missing:
        "The `flock` program may not be started in its place, without --allow-child-process.",
    };
  }
  const path = findInPath("flock");
  if (path !== null) return { path };
  return {
    missing:
      "The `flock` program of util-linux or BusyBox, which takes the locks in its place, slower, is not in the PATH.",
  };
}

/** Once in a process: a Worker knows what the thread that started it has told by then. */
function warnOnce(program: string, why: string): void {
  const { getEnvironmentData, setEnvironmentData } = threads();
  if (getEnvironmentData(SLOW) === true) return;
  setEnvironmentData(SLOW, true);
  process.emitWarning(
    `Each try to take a lock starts ${program} and stops the thread for some ms, which fs-ext would do in some µs. ${why} ${seeAlso(SLOW)}`,
    { type: "LockWarning", code: SLOW },
  );
}

const SLOW = "LOCK_SLOW";

interface Addon {
  readonly flock: (fd: number, operation: number) => void;
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
    const operations: Readonly<Record<Operation, number>> = {
      exclusive: constants.LOCK_EX | constants.LOCK_NB,
      shared: constants.LOCK_SH | constants.LOCK_NB,
      none: constants.LOCK_UN,
    };
    return {
      flock: (fd, operation) => attempt(flock, fd, operations[operation]),
      program: null,
      why: null,
      keepOpenOnExec: (fd) => void fcntl(fd, constants.F_SETFD, 0),
    };
  } catch (failure) {
    return { failure };
  }
}

function attempt(flock: Addon["flock"], fd: number, operation: number): boolean {
  for (;;) {
    try {
      flock(fd, operation);
      return true;
    } catch (error) {
      const code = codeOf(error);
      // The same number on Linux and macOS, and the one or the other name of it.
      if (code === "EAGAIN" || code === "EWOULDBLOCK") return false;
      if (code !== "EINTR") throw error;
    }
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
      return "was not found: fs-ext is not installed where this code is. --omit=optional leaves it out, as does an install that cannot compile it, and a bundle does not contain it: with a C++ compiler, make and Python at hand, run `npm install fs-ext` there.";
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
