import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { isatty } from "node:tty";
import { performance } from "../clock.js";
import { codeOf } from "../errors.js";
import { complain } from "./exit.js";

/** How a command ends: with an exit code, or by a signal. */
export type Ending = number | NodeJS.Signals;

/**
 * Ends this process with an exit code when its work is done, or at once by a signal. A parent that looks how
 * its child ended then sees what it expects: a shell stops its loop after Ctrl-C, and systemd takes SIGTERM for
 * a clean end, but exit code 143 for a failure.
 */
export function endWith(ending: Ending): void {
  if (typeof ending === "number") {
    process.exitCode = ending;
    return;
  }
  // PID 1 of a container does not die of a signal that it sends to itself; then this is its exit code.
  process.exitCode = 128 + constants.signals[ending];
  try {
    // The memory of this program is not what is of interest about a command that dumps core.
    writeFileSync("/proc/self/coredump_filter", "0");
  } catch {
    // No /proc.
  }
  if (ending !== "SIGKILL") {
    // Node.js ignores SIGPIPE and SIGXFSZ; a listener that was removed leaves the system's default behind.
    process.once(ending, noop);
    process.off(ending, noop);
  }
  process.kill(process.pid, ending);
}

/**
 * The signals with which people and service managers end and steer programs. While an object of this class
 * lives, they do not end this process: they are recorded, and passed on to a command if there is one.
 */
export class Signals {
  /** Aborts with the first signal. */
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #catch: (signal: NodeJS.Signals) => void;
  #relay: Relay | undefined;
  #first: NodeJS.Signals | null = null;

  constructor() {
    this.signal = this.#abort.signal;
    this.#catch = (signal) => {
      this.#first ??= signal;
      this.#abort.abort();
      this.#relay?.pass(signal);
    };
    for (const signal of CAUGHT) process.on(signal, this.#catch);
  }

  /** The first signal that came; null if none has. */
  get first(): NodeJS.Signals | null {
    return this.#first;
  }

  /** Passes signals on to a command from now on. */
  passTo(command: ChildProcess): void {
    this.#relay = new Relay(command);
  }

  [Symbol.dispose](): void {
    for (const signal of CAUGHT) process.off(signal, this.#catch);
    this.#relay?.end();
  }
}

const CAUGHT = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

function isCaught(signal: string | null): signal is NodeJS.Signals {
  return CAUGHT.some((caught) => caught === signal);
}

/**
 * While an object of this class lives, Ctrl-Z stops this process between two turns of the event loop, as it does where
 * nobody listens otherwise. In the middle of a look it shares the lock that it looks at: stopped there, it would keep it
 * from everybody until it goes on.
 */
export class OrderlyStop {
  readonly #before: () => void;
  readonly #after: () => void;
  #continued: NodeJS.Immediate | undefined;

  /** @param before Runs before each stop. @param after Runs when the job is continued. */
  constructor(before: () => void = noop, after: () => void = noop) {
    this.#before = before;
    this.#after = after;
    process.on("SIGTSTP", this.#stop);
  }

  readonly #stop = (): void => {
    this.#before();
    process.off("SIGTSTP", this.#stop);
    process.kill(process.pid, "SIGTSTP");
    // Not at once: another thread may be the one that takes the signal, and must find nobody listening.
    this.#continued = setImmediate(() => {
      process.on("SIGTSTP", this.#stop);
      this.#after();
    });
  };

  [Symbol.dispose](): void {
    clearImmediate(this.#continued);
    process.off("SIGTSTP", this.#stop);
  }
}

/** A signal that we got. */
interface Asked {
  readonly signal: string;
  /** Whether the witness got it too. */
  seen: boolean;
  /** Whether one that the witness got is counted as this one. */
  counted: boolean;
}

/**
 * Passes signals on to a command, unless the command got them already. Ctrl-C, the end of a terminal,
 * `kill -TERM -<group>` and systemd send a signal to us and to the command alike, and a second one makes many
 * programs stop without cleaning up; `docker stop` and `kill <pid>` send it to us alone. Node.js does not say
 * which it was, so a witness does: a shell in our process group that writes down the signals it gets.
 */
class Relay {
  readonly #command: ChildProcess;
  #witness: ChildProcess | null;
  /** How often the witness got each signal and we have not yet. */
  readonly #early = new Map<string, number>();
  /** When (ms, monotonic) the witness was last seen to have got each signal. */
  readonly #seen = new Map<string, number>();
  /** What we got, and the witness is being asked about; oldest first. */
  readonly #asked = new Set<Asked>();
  readonly #answers = new Map<string, (answered: boolean) => void>();
  #questions = 0;
  #complained = false;

  constructor(command: ChildProcess) {
    this.#command = command;
    this.#witness = this.#startWitness();
  }

  async pass(signal: NodeJS.Signals): Promise<void> {
    if (await this.#hasReachedGroup(signal)) return;
    const { pid, exitCode, signalCode } = this.#command;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      // A command that has changed its user, as sudo does, cannot be signalled. It goes on, and so does the run.
      if (codeOf(error) === "ESRCH" || this.#complained) return;
      this.#complained = true;
      complain(
        `cannot pass ${signal} on to PID ${pid} (${String(codeOf(error))}): it runs as another user. ` +
          "The lock stays held until it has ended.",
      );
    }
  }

  /** Ends the witness. */
  end(): void {
    const witness = this.#witness;
    this.#witness = null;
    witness?.kill("SIGKILL");
    witness?.stdin?.destroy();
    witness?.stdout?.destroy();
    witness?.unref();
    this.#leaveUnanswered();
  }

  #leaveUnanswered(): void {
    for (const answer of this.#answers.values()) answer(false);
  }

  async #hasReachedGroup(signal: NodeJS.Signals): Promise<boolean> {
    const early = this.#early.get(signal) ?? 0;
    if (early > 0) this.#early.set(signal, early - 1);
    const isLate = performance.now() - (this.#seen.get(signal) ?? -Infinity) < LATE_MS;
    const asked: Asked = { signal, seen: early > 0 || isLate, counted: early > 0 };
    this.#asked.add(asked);
    // Whoever signals all processes of a cgroup does so one after the other.
    const witness = this.#witness;
    await sleep(STRAGGLERS_MS, undefined, { ref: false });
    const answered = await this.#ask();
    this.#asked.delete(asked);
    // One that has begun since then knows nothing of this signal.
    if (asked.seen || (answered && witness === this.#witness)) return asked.seen;
    // No witness: the keyboard is who sends these two to a group in the foreground.
    return (signal === "SIGINT" || signal === "SIGQUIT") && inForeground();
  }

  /**
   * The witness got a signal. If two came before it took the first, as on a busy machine when Ctrl-C is pressed twice,
   * the kernel gave it one: what it saw counts for one of ours, and is true of all that it is asked about, and of what
   * comes a little later. The event loop reads the line before a signal of the same turn; and the kernel may give ours
   * to another thread of this process, which has to wait for a processor before it can tell us.
   */
  #see(signal: string): void {
    this.#seen.set(signal, performance.now());
    const asked = [...this.#asked].filter((one) => one.signal === signal);
    const next = asked.find(({ counted }) => !counted);
    if (next === undefined) {
      this.#early.set(signal, (this.#early.get(signal) ?? 0) + 1);
      return;
    }
    next.counted = true;
    for (const one of asked) one.seen = true;
  }

  /** Waits until the witness has written down all it got before. @returns false if it does not answer. */
  #ask(): Promise<boolean> {
    const witness = this.#witness;
    if (!witness?.stdin?.writable) return Promise.resolve(false);
    const question = String(++this.#questions);
    return new Promise((resolve) => {
      const settle = (answered: boolean): void => {
        clearTimeout(timer);
        this.#answers.delete(question);
        resolve(answered);
      };
      const timer = setTimeout(() => settle(false), LONGEST_ANSWER_MS).unref();
      this.#answers.set(question, settle);
      witness.stdin?.write(`${question}\n`);
    });
  }

  #startWitness(): ChildProcess | null {
    let witness: ChildProcess;
    try {
      witness = spawn("sh", ["-c", WITNESS], { stdio: ["pipe", "pipe", "ignore"], cwd: "/" });
    } catch {
      return null;
    }
    witness.on("error", noop);
    witness.stdin?.on("error", noop);
    let text = "";
    witness.stdout?.setEncoding("latin1").on("data", (chunk: string) => {
      const lines = (text + chunk).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        if (isCaught(line)) this.#see(line);
        else this.#answers.get(line)?.(true);
      }
    });
    // All that it has written down is read by then.
    witness.on("close", (_, signal) => {
      if (this.#witness !== witness) return;
      this.#witness = null;
      // It had not set its traps yet: the signal ends it, so it got it.
      if (isCaught(signal)) {
        this.#see(signal);
        this.#witness = this.#startWitness();
      }
      this.#leaveUnanswered();
    });
    return witness;
  }
}

/**
 * Writes a line for each signal that it gets, and repeats what it reads. Its input ends when we do, however
 * we end. A signal interrupts `read`, which then fails as it does at the end of the input: three failures in a
 * row without a signal are the end.
 */
const WITNESS = `: lock-catalogue run: sees which signals the whole process group gets
for signal in ${CAUGHT.map((name) => name.slice(3)).join(" ")}; do
  trap "echo SIG$signal; failed=0" $signal
done
failed=0
while [ $failed -lt 3 ]; do
  failed=$((failed + 1))
  read -r question && failed=0 && echo "$question"
done`;

const STRAGGLERS_MS = 10;
/** Longer than a thread waits for a processor where a dozen want each; nobody asks twice in so short a time. */
const LATE_MS = 100;
const LONGEST_ANSWER_MS = 500;

function inForeground(): boolean {
  try {
    // proc_pid_stat(5): after the name, state, ppid, pgrp, session, tty_nr, tpgid.
    const status = readFileSync("/proc/self/stat", "latin1");
    const [, , group, , , foreground] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return group === foreground;
  } catch {
    /* v8 ignore next -- macOS has no /proc. */
    return isatty(0);
  }
}

function noop(): void {}
