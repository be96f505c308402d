import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Surroundings } from "./child.js";
import { temporaryDirectory } from "./directory.js";

/** How flock(2) is to be for a child. */
interface Faults {
  /** What its first calls fail with, by errno. */
  readonly errnos?: readonly number[];
  /** What each call that unlocks fails with. */
  readonly unlock?: number;
  /** A path: the call that takes the exclusive lock does not return before there is a file. */
  readonly takenUntil?: string;
  /** The same for the call that takes the shared lock. */
  readonly sharedUntil?: string;
}

/** Whether there is a compiler to make such a flock(2) with. */
export const hasCompiler: boolean = spawnSync("cc", ["--version"]).status === 0;

/** Surroundings in which flock(2) has faults. */
export function withFaults(faults: Faults, ...args: readonly string[]): Surroundings {
  const environment = Object.entries(faultyEnv(faults)).map(([name, value]) => `${name}=${value}`);
  return { args, shell: `${environment.join(" ")} exec "$@"` };
}

/** The environment of a process in which flock(2) has faults. */
export function faultyEnv({
  errnos = [],
  unlock = 0,
  takenUntil = "",
  sharedUntil = "",
}: Faults): NodeJS.ProcessEnv {
  const library = join(temporaryDirectory(), "faulty.so");
  const compile = ["-shared", "-fPIC", "-o", library, "-x", "c", "-", "-ldl"];
  const { status, stderr } = spawnSync("cc", compile, { input: FAULTY, encoding: "utf8" });
  if (status !== 0) throw new Error(`cc: ${stderr}`);
  return {
    LD_PRELOAD: library,
    FAULTS: errnos.join(","),
    UNLOCK_FAULT: String(unlock),
    TAKEN_UNTIL: takenUntil,
    SHARED_UNTIL: sharedUntil,
  };
}

const FAULTY = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

int flock(int fd, int operation) {
  static const char *faults;
  if (!faults) faults = getenv("FAULTS");
  if (*faults) {
    errno = strtol(faults, (char **)&faults, 10);
    if (*faults) faults++;
    return -1;
  }
  if (operation & LOCK_UN && (errno = strtol(getenv("UNLOCK_FAULT"), 0, 10))) return -1;
  int result = ((int (*)(int, int))dlsym(RTLD_NEXT, "flock"))(fd, operation);
  const char *until = operation & LOCK_EX ? getenv("TAKEN_UNTIL") : operation & LOCK_SH ? getenv("SHARED_UNTIL") : "";
  if (result == 0 && *until) {
    for (int ms = 0; ms < 20000 && access(until, F_OK) != 0; ms++) usleep(1000);
  }
  return result;
}
`;
