import type { ChildProcess, SpawnSyncReturns } from "node:child_process";
import { codeOf } from "../errors.js";
import { lockExclusive } from "../system/flock.js";
import {
  closeQuietly,
  type Identity,
  identityOf,
  isSame,
  type OpenFile,
} from "../system/open-file.js";
import { LONGEST_TIMER_MS, type Patience } from "./patience.js";

/**
 * - `granted`: the open file has the exclusive lock;
 * - `ended`: patience is over;
 * - `interrupted`: a synchronous wait in this thread put an end to it, and has closed the file;
 * - `unavailable`: there is no program here that waits for us.
 */
export type Outcome = "granted" | "ended" | "interrupted" | "unavailable";

/**
 * Waits for the lock of an open file in the kernel's queue, beside processes that block in flock(2),
 * and blocks nothing here: the `flock` program (util-linux, BusyBox) waits on *our* descriptor. A lock
 * belongs to the open file, so when the helper has it, we have it; to give up is to kill the helper.
 *
 * Pure polling starves: beside three Barman processes in a loop (hold 5 ms) a poller of 50 ms got the
 * lock 0 times in 4.5 s, this queue 163 times (`npm run torture` measures fairness anew).
 */
export async function queueInKernel(file: OpenFile, patience: Patience): Promise<Outcome> {
  while (helper !== undefined) {
    const wait = new KernelWait(file, helper);
    await patience.step((done) => wait.start(done));
    // Also where patience ended: a helper that is still dying could have the lock for a moment more.
    await wait.exited;
    if (wait.interrupted) return "interrupted";
    if (patience.over) return "ended";
    // The exit code alone is not proof; asking again for a lock that we have costs nothing.
    if (wait.code === 0 && lockExclusive(file.fd)) {
      failures = 0;
      return "granted";
    }
    if (!disqualify(wait.command, wait.code, wait.error)) return "unavailable";
  }
  return "unavailable";
}

/**
 * The same, but stops this thread.
 *
 * @param timeout in ms; `Infinity` for no limit.
 */
export function queueInKernelSync(file: OpenFile, timeout: number): Outcome {
  while (helper !== undefined) {
    const [program, ...args] = helper;
    const { spawnSync } = processes();
    const result: SpawnSyncReturns<Buffer> = spawnSync(program, args, {
      ...surroundings(file.fd),
      timeout: Math.ceil(Math.min(timeout, LONGEST_TIMER_MS)),
      killSignal: "SIGKILL",
    });
    // A helper that was killed at its time may have had the lock at that very moment.
    if (result.signal !== null || result.status === 0) {
      if (lockExclusive(file.fd)) return "granted";
      return codeOf(result.error) === "ETIMEDOUT" ? "ended" : "unavailable";
    }
    if (!disqualify(helper, result.status, result.error)) return "unavailable";
  }
  return "unavailable";
}

/**
 * Ends the waits of this thread for this file. A thread that is about to stop could not see that one of
 * them was granted, and would wait for itself for ever; they start over when it runs again.
 */
export function interruptKernelWaits(file: Identity): void {
  for (const wait of waits) if (isSame(file, identityOf(wait.file))) wait.interrupt();
}

/** Loaded by the first wait that needs it: it takes a tenth of the time in which the runtime is imported. */
const processes = () => process.getBuiltinModule("node:child_process");

type Command = readonly [program: string, ...args: string[]];

/**
 * The programs to try, best first. util-linux's setpriv has the kernel kill the helper when this
 * process dies, however it dies, which no code of ours could see to; without it an orphaned helper ends
 * by itself when it is granted the lock.
 */
const helpers: Command[] = [
  ["setpriv", "--pdeathsig", "KILL", "flock", "-x", "3"],
  ["flock", "-x", "3"],
];

let helper = helpers.shift();

let failures = 0;

/**
 * Goes on to the next program where this one is missing, or has said again and again that it cannot. One that
 * was killed, or could not be started for want of processes, descriptors or memory, may do it another time.
 *
 * @returns whether to try again at once.
 */
function disqualify(command: Command, code: number | null, error: unknown): boolean {
  const missing = codeOf(error) === "ENOENT" || codeOf(error) === "EACCES";
  if (helper !== command) return true; // Another wait has done so already.
  if (!missing && (code === null || ++failures < FAILURES_TO_GIVE_UP)) return false;
  failures = 0;
  helper = helpers.shift();
  return true;
}

const FAILURES_TO_GIVE_UP = 3;

const waits = new Set<KernelWait>();

/** One helper process on its way from start to end. */
class KernelWait {
  readonly file: OpenFile;
  readonly command: Command;
  interrupted = false;
  code: number | null = null;
  /** Why it could not be started. */
  error: unknown;
  exited: Promise<void> = Promise.resolve();
  #child: ChildProcess | undefined;

  constructor(file: OpenFile, command: Command) {
    this.file = file;
    this.command = command;
  }

  start(done: () => void): () => void {
    const [program, ...args] = this.command;
    this.exited = new Promise((resolve) => {
      const end = (): void => {
        waits.delete(this);
        resolve();
        done();
      };
      const fail = (error: unknown): void => {
        this.error = error;
        end();
      };
      try {
        this.#child = processes().spawn(program, args, surroundings(this.file.fd));
      } catch (error) {
        fail(error);
        return;
      }
      waits.add(this);
      this.#child.once("error", fail);
      this.#child.once("exit", (code) => {
        this.code = code;
        end();
      });
    });
    return () => this.#kill();
  }

  interrupt(): void {
    waits.delete(this);
    this.interrupted = true;
    this.#kill();
    // The helper has a copy until it is dead; ours goes now, so that its death gives the lock back.
    closeQuietly(this.file.fd);
  }

  #kill(): void {
    if (this.#child?.exitCode === null) this.#child.kill("SIGKILL");
  }
}

/** The helper gets the file as its descriptor 3 and, as it may outlive the directory we run in, none of it. */
function surroundings(fd: number): {
  stdio: ["ignore", "ignore", "ignore", number];
  cwd: string;
} {
  return { stdio: ["ignore", "ignore", "ignore", fd], cwd: "/" };
}
