import { constants } from "node:os";
import { codeOf, LockFileNativeMissing, messageOf } from "../errors.js";
import { visible } from "../text.js";
import { runOn } from "./helper-program.js";
import { lockByDescriptor } from "./process.js";

/** What flock(2) is asked for. None of it waits. */
export type Operation = "exclusive" | "shared" | "none";

/**
 * flock(2) by the `flock` program (util-linux, BusyBox), which acts on *our* descriptor: a lock belongs to the open
 * file, so what the program is granted is ours, and stays so when it has ended. Each call takes a process and some ms.
 *
 * @returns false if another open file has a lock that excludes this one.
 * @throws the error of flock(2), by what the program says of it, or of starting a process; LockFileNativeMissing if the
 *   program does not do what a `flock` does.
 */
export function flockByProgram(program: string, fd: number, operation: Operation): boolean {
  // A helper that waited has got it, or it is asked for again: /proc tells that in some µs.
  if (operation !== "none" && lockByDescriptor(fd) === operation) return true;
  for (let tries = 1; ; tries++) {
    const ran = runOn(fd, [program, ...OPTIONS[operation], "3"], LONGEST_MS);
    if (ran === null) throw failed("EMFILE", "too few descriptors are left to start it");
    const { status, signal, stderr, error } = ran;
    if (error !== undefined) {
      // As an error of the system it would be taken for one of the lock file.
      const isGone = ["ENOENT", "EACCES", "ENOEXEC"].includes(codeOf(error) ?? "");
      throw isGone ? broken(program, messageOf(error), error) : error;
    }
    if (status === 0) {
      const got = lockByDescriptor(fd);
      if (got === null || got === operation) return true;
      throw broken(program, "it ended as if it had the lock, and the system shows that it has not");
    }
    // BusyBox ends with 1 whatever has failed, and says what; util-linux says nothing of a lock that is busy. What ld.so
    // says of a library that it does not find is not the program's.
    const said = /^flock: (?:.*: )?(?<said>.+)$/mu.exec(stderr)?.groups?.["said"];
    if (status === 1 && said === undefined) return false;
    const code = signal === null ? codeFor(said ?? "") : "EINTR";
    if (code === null) throw broken(program, `exit status ${status} ${stderr}`.trim());
    // Ctrl-C goes to all processes of the terminal, also to one that a program which handles it has just started.
    if (code !== "EINTR" || tries === MOST_TRIES) throw failed(code, said ?? `killed by ${signal}`);
  }
}

const OPTIONS: Readonly<Record<Operation, readonly string[]>> = {
  exclusive: ["-n", "-x"],
  shared: ["-n", "-s"],
  none: ["-u"],
};

/** A try does not wait, so that the program takes so long (ms) only if it is stopped, or the machine stands still. */
const LONGEST_MS = 10_000;
const MOST_TRIES = 3;

function broken(program: string, why: string, cause?: unknown): LockFileNativeMissing {
  const message = `${program} takes the locks of this process in place of fs-ext, and does not work: ${visible(why)}. Install util-linux, or fs-ext.`;
  return new LockFileNativeMissing(message, program, cause);
}

/** An error as flock(2) would have it. */
function failed(code: string, why: string): Error {
  const errno = (constants.errno as Readonly<Record<string, number>>)[code];
  return Object.assign(new Error(`${code}: ${visible(why)}, flock`), {
    code,
    errno,
    syscall: "flock",
  });
}

/** The error that the C libraries have these words for; null if it is none that flock(2) is known to fail with. */
function codeFor(words: string): string | null {
  return MEANINGS.find(([, meaning]) => meaning.test(words))?.[0] ?? null;
}

const MEANINGS: readonly (readonly [code: string, meaning: RegExp])[] = [
  ["EBADF", /^bad file descriptor/i],
  ["EINTR", /^interrupted system call/i],
  ["EINVAL", /^invalid argument/i],
  ["EIO", /^(?:input\/output|I\/O) error/i],
  ["ENOLCK", /^no locks available/i],
  ["ENOMEM", /^(?:cannot allocate|out of) memory/i],
  ["ENOSYS", /^function not implemented/i],
  ["ENOTSUP", /^(?:operation )?not supported/i],
  ["EACCES", /^permission denied/i],
  ["EPERM", /^operation not permitted/i],
  ["EROFS", /^read-only file system/i],
  ["ESTALE", /^stale (?:NFS )?file handle/i],
];
