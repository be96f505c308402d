import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { isatty } from "node:tty";

/** The exit code of a program that a signal ended, as shells give it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * The signals with which people and service managers end and steer programs. While one of these lives,
 * they do not end this process, but are there to be read and are passed on to a child.
 */
export class Signals {
  /** Aborts with the first signal. */
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #take: (signal: NodeJS.Signals) => void;
  #child: ChildProcess | undefined;
  #first: NodeJS.Signals | null = null;

  constructor() {
    this.signal = this.#abort.signal;
    this.#take = (signal) => {
      this.#first ??= signal;
      this.#abort.abort();
      if (!isFromTerminal(signal)) this.#child?.kill(signal);
    };
    for (const signal of TAKEN) process.on(signal, this.#take);
  }

  /** The first signal that came; null where none has. */
  get first(): NodeJS.Signals | null {
    return this.#first;
  }

  /** Passes what comes from now on to a child. */
  passTo(child: ChildProcess): void {
    this.#child = child;
  }

  [Symbol.dispose](): void {
    for (const signal of TAKEN) process.off(signal, this.#take);
  }
}

const TAKEN = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/**
 * Whether a signal is one that the keyboard sends to every process in the foreground of the terminal, the
 * child among them. To pass it on would be a second Ctrl-C, which many programs take for "at once".
 */
function isFromTerminal(signal: NodeJS.Signals): boolean {
  return (signal === "SIGINT" || signal === "SIGQUIT") && inForeground();
}

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
