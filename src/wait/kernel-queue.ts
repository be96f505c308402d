import type { ChildProcess } from "node:child_process";
import { performance, soon } from "../clock.js";
import { codeOf } from "../errors.js";
import { isOurs } from "../lock/held.js";
import type { LockMode } from "../options.js";
import { hasGot, lockAs } from "../system/flock.js";
import { processes, runOn, surroundings } from "../system/helper-program.js";
import {
  closeQuietly,
  type Identity,
  identityOf,
  isSame,
  type OpenFile,
  withStandardStreams,
} from "../system/open-file.js";
import { uptime } from "../system/process.js";
import { sleepSync } from "../system/sleep.js";
import { isMainThread } from "../system/thread.js";
import { LONGEST_TIMER_MS, type Patience } from "./patience.js";

/**
 * - `granted`: the open file has the lock;
 * - `ended`: patience is over;
 * - `interrupted`: a synchronous wait of this thread ended it;
 * - `unavailable`: no program waits for us at the moment.
 *
 * Unless the lock is granted, the file is closed.
 */
export type Outcome = "granted" | "ended" | "interrupted" | "unavailable";

/** How a wait beside a running event loop ended. */
export interface Ending {
  readonly outcome: Outcome;
  /**
   * When (ms, monotonic) a helper was granted the lock, which may be long before this thread could see it; null if nobody
   * knows, and undefined if it was none that took it.
   */
  readonly granted?: number | null;
}

/**
 * Waits for the lock of an open file in the kernel's queue, beside processes that block in flock(2),
 * and blocks nothing here: the `flock` program (util-linux, BusyBox) waits on *our* descriptor. A lock
 * belongs to the open file, so when the helper has it, we have it; to stop waiting is to kill the helper.
 *
 * Polling alone starves: beside three Barman processes in a loop (hold 5 ms) a poller of 50 ms got the
 * lock 0 times in 4.5 s, this queue 163 times (`npm run torture` measures fairness anew).
 *
 * @param tellsGrant Whether to ask the helper when it was granted the lock, where it is of util-linux.
 * @param untilStarted How to wait for the lock until the helper is started: helpers start a few at a time, as each
 *   start stops the event loop for some milliseconds. Returns whether the lock was had.
 */
export async function queueInKernel(
  file: OpenFile,
  mode: LockMode,
  patience: Patience,
  tellsGrant: boolean,
  untilStarted: (ready: () => boolean) => Promise<boolean>,
): Promise<Ending> {
  const helper = usableHelper(tellsGrant);
  if (helper === undefined || patience.left < WORTH_A_HELPER_MS) {
    closeQuietly(file.fd);
    return { outcome: "unavailable" };
  }
  const wait = new KernelWait(file, helper.commandFor(mode), helper.tellsGrant);
  const start = starts.queue(() => {
    // By now, behind many others.
    if (patience.left < WORTH_A_HELPER_MS) return false;
    wait.start();
    return true;
  });
  try {
    if (await untilStarted(() => start.isOver)) {
      start.cancel();
      wait.stop();
      return { outcome: "granted" };
    }
  } catch (error) {
    start.cancel();
    wait.abandon();
    throw error;
  }
  start.cancel();
  if (!wait.isStarted) {
    closeQuietly(file.fd);
    return { outcome: patience.over ? "ended" : "unavailable" };
  }
  await patience.step((done) => wait.onExit(done));
  if (wait.interrupted) return { outcome: "interrupted" };
  if (patience.over) {
    // The caller is answered now; the file is closed when the helper is dead, which may be granted the lock till then.
    wait.abandon();
    return { outcome: "ended" };
  }
  if (!wait.hasItsFile) return { outcome: "unavailable" };
  let isGranted = false;
  try {
    // The exit code alone is not proof; asking again for a lock that we have costs nothing.
    isGranted = wait.code === 0 && lockAs(mode, file.fd);
  } finally {
    if (!isGranted) closeQuietly(file.fd);
  }
  if (isGranted) helper.succeeded();
  else helper.failed(wait.error, wait.code);
  return isGranted ? { outcome: "granted", granted: wait.granted } : { outcome: "unavailable" };
}

/**
 * The same, but stops this thread.
 *
 * @param deadline ms, monotonic; `Infinity` for no limit.
 */
export function queueInKernelSync(
  file: OpenFile,
  identity: Identity,
  mode: LockMode,
  deadline: number,
): Outcome {
  const helper = usableHelper(false);
  if (helper === undefined || deadline - performance.now() < WORTH_A_HELPER_MS) {
    closeQuietly(file.fd);
    return "unavailable";
  }
  // Not before: a helper of an asynchronous wait that is killed has lost its place in the queue.
  interruptKernelWaits(identity);
  const outcome = isMainThread
    ? runHelper(file, mode, deadline, helper)
    : pollBesideHelper(file, mode, deadline, helper);
  if (outcome !== "granted") closeQuietly(file.fd);
  return outcome;
}

function runHelper({ fd }: OpenFile, mode: LockMode, deadline: number, helper: Helper): Outcome {
  const left = Math.min(deadline - performance.now(), LONGEST_TIMER_MS);
  // A thread that got no processor meanwhile may have no time left, and 0 is no limit.
  const timeout = Math.max(1, Math.ceil(left));
  const ran = runOn(fd, helper.commandFor(mode), timeout);
  if (ran === null) return "unavailable";
  const { status, signal, error } = ran;
  // A helper that was killed at its time may have had the lock at that very moment.
  if ((signal !== null || status === 0) && lockAs(mode, fd)) {
    helper.succeeded();
    return "granted";
  }
  if (codeOf(error) === "ETIMEDOUT") return "ended";
  helper.failed(error, status);
  return "unavailable";
}

/**
 * In a Worker the helper is started and not waited for: while a Worker is in `spawnSync`, neither `process.exit`
 * nor `terminate()` ends it. It looks every few milliseconds whether its own descriptor has the lock.
 */
function pollBesideHelper(
  file: OpenFile,
  mode: LockMode,
  deadline: number,
  helper: Helper,
): Outcome {
  const wait = new KernelWait(file, helper.commandFor(mode));
  wait.start();
  for (let pause = 1, round = 1; ; pause = Math.min(4, pause + 0.5), round++) {
    if (wait.error !== undefined) {
      // Its end is told in a later turn: until then, a wait of this turn may have got the same descriptor.
      wait.stop();
      helper.failed(wait.error, null);
      return "unavailable";
    }
    const left = deadline - performance.now();
    sleepSync(Math.max(0, Math.min(pause, left)));
    let isGranted = false;
    let isOver = true;
    try {
      // Now and then by a try, which may start a program: not every system tells what a helper has got.
      isGranted = round % 50 === 0 ? lockAs(mode, file.fd) : hasGot(mode, file.fd);
      isOver = isGranted || left <= 0;
    } finally {
      if (isOver) wait.stop();
    }
    if (isOver) return isGranted || lockAs(mode, file.fd) ? "granted" : "ended";
  }
}

/**
 * Ends the waits of this thread for this file. A thread that is about to stop could not see that one of
 * them was granted, and would wait for itself for ever; they start over when it runs again.
 */
function interruptKernelWaits(file: Identity): void {
  for (const wait of waits) if (wait.isFor(file)) wait.interrupt();
}

type Command = readonly [program: string, ...args: string[]];

/** A program that waits for us, and whether to try it now. */
class Helper {
  /** Whether it says when it was granted the lock. */
  readonly tellsGrant: boolean;
  readonly #command: (option: "-x" | "-s") => Command;
  #failures = 0;
  /** ms, monotonic. */
  #tryAgain = 0;

  constructor(command: (option: "-x" | "-s") => Command, tellsGrant = false) {
    this.#command = command;
    this.tellsGrant = tellsGrant;
  }

  commandFor(mode: LockMode): Command {
    return this.#command(mode === "shared" ? "-s" : "-x");
  }

  get isUsable(): boolean {
    return performance.now() >= this.#tryAgain;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#tryAgain = 0;
  }

  /**
   * A program that is missing is missing. Anything else (no memory, no processes, a loader that cannot) may pass: it
   * is tried again, with pauses that grow from 0.1 to 10 s, and the next program takes its place meanwhile.
   */
  failed(error: unknown, code: number | null): void {
    // Killed, as by a test or an operator: no sign that the next one would be.
    if (error === undefined && code === null) return;
    // Waits that failed together are one failure.
    if (!this.isUsable) return;
    const pause = isMissing(error) ? Infinity : Math.min(10_000, 100 * 2 ** this.#failures++);
    this.#tryAgain = performance.now() + pause;
  }
}

/**
 * The programs, best first. util-linux's setpriv has the kernel kill the helper when the thread that started it dies,
 * however it dies, which no code of ours could see to. The parent may be gone before setpriv has asked for that, so the
 * shell compares who is its parent then. Without setpriv, an orphaned helper ends by itself when it is granted the lock.
 */
const HELPERS: readonly Helper[] = [
  // Says when it began to wait, and for how long: no clock of ours runs while the event loop is busy.
  new Helper(
    tied("read -r now rest </proc/uptime && echo $now && export LC_ALL=C && exec flock --verbose"),
    true,
  ),
  new Helper(tied("exec flock")),
  new Helper((option) => ["flock", option, "3"]),
];

function tied(script: string): (option: "-x" | "-s") => Command {
  return (option) => [
    ...(["setpriv", "--pdeathsig", "KILL", "sh", "-c"] as const),
    ...[`[ "$PPID" = "$0" ] && ${script} ${option} 3`, String(process.pid)],
  ];
}

function usableHelper(tellsGrant: boolean): Helper | undefined {
  return HELPERS.find((helper) => helper.isUsable && (tellsGrant || !helper.tellsGrant));
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "EACCES";
}

/** A start that waits for its turn. */
interface Start {
  /** Whether it has run, or was cancelled. */
  readonly isOver: boolean;
  cancel(): void;
}

/** Starts helpers a few at a time: each start is a fork, which stops the thread for milliseconds. */
class Starts {
  readonly #waiting = new Set<() => void>();
  #scheduled = false;

  /** @param run Says whether it has started one: its wait has no time for that any more if not. */
  queue(run: () => boolean): Start {
    const waiting = this.#waiting;
    const start = {
      isOver: false,
      cancel: () => {
        start.isOver = true;
        waiting.delete(act);
      },
    };
    const act = (): void => {
      waiting.delete(act);
      start.isOver = run();
    };
    waiting.add(act);
    if (!this.#scheduled) this.#schedule();
    return start;
  }

  #schedule(): void {
    this.#scheduled = this.#waiting.size > 0;
    if (this.#scheduled) soon(this.#startSome);
  }

  readonly #startSome = (): void => {
    const end = performance.now() + STARTS_MS;
    for (const act of this.#waiting) {
      act();
      if (performance.now() >= end) break;
    }
    this.#schedule();
  };
}

const starts = new Starts();

const waits = new Set<KernelWait>();

/** One helper process on its way from start to end. */
class KernelWait {
  readonly #file: OpenFile;
  readonly #command: Command;
  readonly #tellsGrant: boolean;
  #identity: Identity | null = null;
  interrupted = false;
  isStarted = false;
  code: number | null = null;
  /** When (ms, monotonic) the lock was granted; null if the helper does not tell. */
  granted: number | null = null;
  /** Why it could not be started. */
  error: unknown;
  #isOver = false;
  #whenOver: (() => void) | undefined;
  #child: ChildProcess | undefined;

  constructor(file: OpenFile, command: Command, tellsGrant = false) {
    this.#file = file;
    this.#command = command;
    this.#tellsGrant = tellsGrant;
  }

  start(): void {
    const [program, ...args] = this.#command;
    this.isStarted = true;
    try {
      this.#identity = identityOf(this.#file);
      const around = surroundings(this.#file.fd, this.#tellsGrant);
      this.#child = withStandardStreams(() => processes().spawn(program, args, around));
    } catch (error) {
      this.#end(error);
      return;
    }
    // Without a PID the start has failed already, and the event that tells so comes later.
    if (this.#child.pid === undefined) this.error = new Error("not started");
    waits.add(this);
    this.#child.once("error", (error) => this.#end(error));
    let told = "";
    this.#child.stdout
      ?.on("error", () => {})
      .on("data", (text) => {
        told += text;
      });
    this.#child.once("exit", (code) => {
      this.code = code;
      // What it wrote before its end has been read: the event loop looks for ends last.
      this.granted = told === "" ? null : grantIn(told);
      this.#end(undefined);
    });
  }

  isFor(file: Identity): boolean {
    return this.#identity !== null && isSame(file, this.#identity);
  }

  /** A wait may last for hours: if other code closes our descriptor meanwhile, its number is another file's. */
  get hasItsFile(): boolean {
    return (
      this.#identity === null || isOurs({ file: this.#file, identity: this.#identity }) !== false
    );
  }

  /** Calls `done` when the helper has ended, or at once if it has. @returns what takes that back. */
  onExit(done: () => void): () => void {
    if (this.#isOver) done();
    else this.#whenOver = done;
    return () => {
      this.#whenOver = undefined;
    };
  }

  /** The helper is needed no more; the file stays open. */
  stop(): void {
    waits.delete(this);
    // Of one that could not be started and has not told so yet, Node.js kills PID 0: that is our whole process group.
    if (this.#child?.pid !== undefined && this.#child.exitCode === null)
      this.#child.kill("SIGKILL");
    this.#child?.stdout?.destroy();
    this.#child?.unref();
  }

  /** Kills the helper, and closes the file: what the helper is granted meanwhile, its death releases. */
  abandon(): void {
    this.stop();
    if (this.hasItsFile) closeQuietly(this.#file.fd);
  }

  interrupt(): void {
    this.interrupted = true;
    this.abandon();
    this.#end(undefined);
  }

  #end(error: unknown): void {
    waits.delete(this);
    this.error = error;
    this.#isOver = true;
    this.#whenOver?.();
  }
}

/** Reads a grant from what a helper says: `34876.82\nflock: getting lock took 3.804012 seconds`. */
function grantIn(told: string): number | null {
  const { start, took } =
    /^(?<start>\d+\.\d+)\n\D*(?<took>\d+\.\d{6})\D*$/.exec(told)?.groups ?? {};
  const now = uptime();
  if (took === undefined || now === null) return null;
  const ago = now - Number(start) - Number(took);
  return performance.now() - 1e3 * Math.max(0, ago);
}

/** For how long (ms) helpers may be started in one turn of the event loop. */
const STARTS_MS = 5;

/** A wait that is over so soon (ms) polls: to start a helper takes about as long. */
const WORTH_A_HELPER_MS = 20;
