import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { onTestFinished } from "vitest";
import { within } from "./bounded.js";

export const hasFlock: boolean = spawnSync("flock", ["--version"]).status === 0;

/** The `flock` program on a file, until its input is closed. */
export class Foreign {
  readonly #child: ChildProcess;
  readonly #held: Promise<unknown>;

  constructor(mode: "-s" | "-x", file: string) {
    this.#child = spawn("flock", [mode, file, "sh", "-c", "echo held; read end"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#held = new Promise((resolve) => this.#child.stdout?.once("data", resolve));
    onTestFinished(() => this.release());
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async held(): Promise<this> {
    await within(20_000, "flock", this.#held);
    return this;
  }

  /** Closed input ends the shell, and with it the program that holds the lock; nothing is left behind. */
  async release(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    await within(20_000, "end of flock", gone);
  }
}

/** Whether `flock -n` gets the lock of a file now. */
export function canLock(mode: "-s" | "-x", file: string): boolean {
  return spawnSync("flock", ["-n", mode, file, "true"]).status === 0;
}
