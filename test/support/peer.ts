import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { within } from "./bounded.js";

/** `[file]` for the base class, `[Kind, directory, ...parameters]` for a kind of Barman's catalogue. */
export type LockWords = readonly string[];

export interface PeerError {
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
}

/** Whether the process is killed when the running test ends; if not, its maker does it. */
export interface Life {
  readonly untilTestFinishes: boolean;
}

/** The python of Debian, whose python3-barman it is; another may be first in the PATH. */
export const PYTHON = "/usr/bin/python3";

/** Whether a real Barman can be run here. */
export const hasBarman: boolean = spawnSync(PYTHON, ["-c", "import barman.lockfile"]).status === 0;

/** Another process that takes locks when it is told to: ours, or Barman's own module. */
export class Peer {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly #answers = new Map<number, (answer: { value?: unknown; error?: PeerError }) => void>();
  readonly #ended: Promise<never>;
  #id = 0;

  readonly #hello: Promise<{ kinds?: string[] }>;

  private constructor(command: string, args: readonly string[], { untilTestFinishes = true } = {}) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    if (this.child.pid === undefined || this.child.stdout === null)
      throw new Error(`no ${command}`);
    this.pid = this.child.pid;
    this.#ended = new Promise((_, reject) => {
      this.child.once("exit", () => reject(new Error(`PID ${this.pid} has ended`)));
    });
    this.#ended.catch(() => {});
    const lines = createInterface({ input: this.child.stdout });
    this.#hello = new Promise((resolve) => {
      lines.once("line", (line) => resolve(JSON.parse(line)));
    });
    lines.on("line", (line) => {
      const answer = JSON.parse(line);
      this.#answers.get(answer.id)?.(answer);
    });
    if (untilTestFinishes) onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  /** A Node process that imports the built package. */
  static ours(life?: Life): Peer {
    return new Peer(
      process.execPath,
      [fileURLToPath(new URL("our_peer.mjs", import.meta.url))],
      life,
    );
  }

  /** Such a process that holds the lock of a file. */
  static async holding(file: string): Promise<Peer> {
    const peer = Peer.ours();
    await peer.acquire([file]);
    return peer;
  }

  /** A Python process that imports the real Barman. */
  static barman(life?: Life): Peer {
    return new Peer(PYTHON, [fileURLToPath(new URL("barman_peer.py", import.meta.url))], life);
  }

  /** The lock classes that a Barman process has. */
  get kinds(): Promise<readonly string[]> {
    return within(20_000, `start of PID ${this.pid}`, this.#hello).then(({ kinds = [] }) => kinds);
  }

  /** Runs an operation over there; rejects with what it failed with. */
  async call(op: string, lock: LockWords, options: object = {}): Promise<unknown> {
    const id = ++this.#id;
    const answer = new Promise<{ value?: unknown; error?: PeerError }>((resolve) => {
      this.#answers.set(id, resolve);
    });
    this.child.stdin?.write(`${JSON.stringify({ id, op, lock, options })}\n`);
    const { value, error } = await within(
      20_000,
      `${op} in PID ${this.pid}`,
      Promise.race([answer, this.#ended]),
    );
    this.#answers.delete(id);
    if (error !== undefined) throw Object.assign(new Error(error.message), error);
    return value;
  }

  acquire(lock: LockWords, options?: object): Promise<unknown> {
    return this.call("acquire", lock, options);
  }

  release(lock: LockWords): Promise<unknown> {
    return this.call("release", lock);
  }

  owner(lock: LockWords): Promise<unknown> {
    return this.call("owner", lock);
  }

  /** Kills the process and waits until it is gone. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await within(20_000, `end of PID ${this.pid}`, gone);
  }
}
