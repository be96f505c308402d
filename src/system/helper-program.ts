import type { SpawnSyncReturns } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { areLeft, withStandardStreams } from "./open-file.js";

/** Loaded by the first lock that needs it: it takes a tenth of the time in which the runtime is imported. */
export function processes(): typeof import("node:child_process") {
  return process.getBuiltinModule("node:child_process");
}

/**
 * A program gets the file as its descriptor 3 and, as it may outlive the directory we run in, none of it.
 *
 * @param isHeard Whether what it prints is read.
 */
export function surroundings(
  fd: number,
  isHeard = false,
): {
  stdio: ["ignore", "ignore" | "pipe", "ignore", number];
  cwd: string;
} {
  return { stdio: ["ignore", isHeard ? "pipe" : "ignore", "ignore", fd], cwd: "/" };
}

/**
 * Runs a program on an open file, and stops this thread until it ends or has had its time.
 *
 * @returns how it ended, and what it said of errors; null if too few descriptors are left to start it.
 */
export function runOn(
  fd: number,
  [program, ...args]: readonly [program: string, ...args: string[]],
  timeout: number,
): SpawnSyncReturns<string> | null {
  // Where it gets too few, Node.js keeps those that it has got (20 to 26), so that the shortage stays.
  if (!areLeft(SPAWN_SYNC_TAKES)) return null;
  return withStandardStreams(() =>
    processes().spawnSync(program, args, {
      ...surroundings(fd),
      // By its command line a holder is told from its helper.
      argv0: basename(program),
      stdio: ["ignore", "ignore", "pipe", fd],
      // The words in which it says what is wrong are read.
      env: { ...process.env, LC_ALL: "C" },
      encoding: "latin1",
      timeout,
      killSignal: "SIGKILL",
    }),
  );
}

/** Descriptors; `spawnSync` was seen to need 6, and 2 more for what the program says. */
const SPAWN_SYNC_TAKES = 10;

/** The absolute path of a program of the PATH; null if it is not there. A folder that is not absolute does not count. */
export function findInPath(program: string): string | null {
  const folders = (process.env["PATH"] ?? "/usr/bin:/bin").split(":");
  const files = folders.filter(isAbsolute).map((folder) => join(folder, program));
  return files.find(mayExecute) ?? null;
}

/** Whether this user may execute what is at a path, and it is a file. */
export function mayExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
