import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";
import { until, within } from "./bounded.js";
import { ROOT } from "./root.js";

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ScriptOptions {
  /** Options of Node.js itself. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Whether what it says on standard error is dropped, as where it is to fail. */
  readonly quiet?: boolean;
  /** Whether it leads a process group of its own. */
  readonly detached?: boolean;
}

/** A Node process that runs a script; `LockFile`, `barman` and the built-in modules it needs are for it to import. */
export class Script {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  readonly #lines: string[] = [];
  #onLine: (() => void) | undefined;

  constructor(
    code: string,
    { args = [], env = {}, quiet = false, detached = false }: ScriptOptions = {},
  ) {
    this.child = spawn(process.execPath, [...args, "--input-type=module", "-e", code], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      detached,
      stdio: ["ignore", "pipe", quiet ? "ignore" : "inherit"],
    });
    this.ended = new Promise((resolve) => {
      this.child.once("close", (exitCode, signal) => resolve({ code: exitCode, signal }));
    });
    if (this.child.stdout === null) throw new Error("no output");
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.#lines.push(line);
      this.#onLine?.();
    });
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** The next line that the script prints. */
  async line(): Promise<string> {
    while (this.#lines.length === 0) {
      const more = new Promise<void>((resolve) => {
        this.#onLine = resolve;
      });
      await within(20_000, `a line of PID ${this.pid}`, Promise.race([more, this.ended]));
      const { exitCode, signalCode } = this.child;
      if (this.#lines.length === 0 && (exitCode ?? signalCode) !== null)
        throw new Error("it ended");
    }
    return this.#lines.shift() ?? "";
  }

  /** How the script ended. */
  end(): Promise<Ending> {
    return within(20_000, `end of PID ${this.pid}`, this.ended);
  }
}

/** PIDs of the helpers that wait in the kernel for the lock of a file, whoever started them. */
export function helpersOn(file: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [program = "", ...args] = readFileSync(`/proc/${name}/cmdline`, "latin1").split("\0");
      if (basename(program) !== "flock" || !/^(--verbose )?-[sx] 3 $/.test(args.join(" ")))
        return [];
      return readlinkSync(`/proc/${name}/fd/3`) === file ? [Number(name)] : [];
    } catch {
      return []; // It ended while we looked.
    }
  });
}

/** Waits until such a helper is in the kernel's queue: it sleeps nowhere else. */
export function helperWaits(file: string): Promise<void> {
  return until("a helper waits", () => helpersOn(file).some(sleeps));
}

/** The state of a process: field 3 of proc_pid_stat(5). */
function sleeps(pid: number): boolean {
  try {
    return /^\d+ \(.*\) S /s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** Whether a process with this PID exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process of ours that runs `code` with `lock`, a LockFile on `file`. */
export function scriptOn(file: string, code: string, options?: ScriptOptions): Script {
  return new Script(
    `import { LockFile } from "lock-catalogue";
     const lock = new LockFile(${JSON.stringify(file)});
     ${code}`,
    options,
  );
}
