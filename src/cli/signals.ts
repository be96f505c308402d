import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { isatty } from "node:tty";

/** The exit code of a program that a signal ended, as shells report it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * The signals with which people and service managers end and steer programs. While an object of this class
 * lives, they do not end this process: they are recorded, and passed on to a child if there is one.
 */
export class Signals {
  /** Aborts with the first signal. */
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #catch: (signal: NodeJS.Signals) => void;
  #child: ChildProcess | undefined;
  #first: NodeJS.Signals | null = null;

  constructor() {
    this.signal = this.#abort.signal;
    this.#catch = (signal) => {
      this.#first ??= signal;
      this.#abort.abort();
      if (!isFromTerminal(signal)) this.#child?.kill(signal);
    };
    for (const signal of CAUGHT) process.on(signal, this.#catch);
  }

  /** The first signal that came; null if none has. */
  get first(): NodeJS.Signals | null {
    return this.#first;
  }

  /** Passes signals on to a child from now on. */
  passTo(child: ChildProcess): void {
    this.#child = child;
  }

  [Symbol.dispose](): void {
    for (const signal of CAUGHT) process.off(signal, this.#catch);
  }
}

const CAUGHT = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/**
 * Whether the keyboard sends this signal, to every process in the foreground of the terminal, the child
 * among them. Passing it on would be a second Ctrl-C, on which many programs stop without cleaning up.
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
