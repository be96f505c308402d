import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { until, within } from "./bounded.js";
import { ROOT } from "./root.js";

/** The real command, as `npm run build` makes it. */
export const MAIN: string = join(ROOT, "dist/src/cli/main.js");

if (!existsSync(MAIN)) throw new Error("These tests run the built command: `npm run build` first.");

/** How a command ended, and what it said. */
export interface Ending {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Where a command runs. */
export interface Surroundings {
  /** Default: where there is no spec, so that the command reads Barman's. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Arguments of Node.js itself. */
  readonly node?: readonly string[];
  /** All that it reads from its standard input, which otherwise stays open. */
  readonly input?: string | Buffer;
}

/** Runs the command to its end, with its output in pipes. */
export function cli(...args: readonly string[]): Promise<Ending> {
  return new Running(process.execPath, [MAIN, ...args]).end();
}

/** The same, in other surroundings. */
export function cliIn(
  { node = [], ...surroundings }: Surroundings,
  ...args: readonly string[]
): Promise<Ending> {
  return new Running(process.execPath, [...node, MAIN, ...args], surroundings).end();
}

/** Starts the command. */
export function startCli(...args: readonly string[]): Running {
  return new Running(process.execPath, [MAIN, ...args]);
}

/** A running program; killed when the test ends. */
export class Running {
  readonly child: ChildProcess;
  out = "";
  err = "";
  readonly #ended: Promise<number | null>;

  constructor(
    program: string,
    args: readonly string[],
    { cwd = tmpdir(), env, input }: Surroundings = {},
  ) {
    this.child = spawn(program, args, {
      cwd,
      // The test runner tells its children to use colours; COLUMNS is the width of its own terminal.
      env: {
        ...process.env,
        FORCE_COLOR: undefined,
        NO_COLOR: undefined,
        COLUMNS: undefined,
        ...env,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdout?.setEncoding("utf8").on("data", (text) => {
      this.out += text;
    });
    this.child.stderr?.setEncoding("utf8").on("data", (text) => {
      this.err += text;
    });
    this.#ended = new Promise((resolve) => {
      this.child.once("error", () => resolve(null));
      this.child.once("close", (code) => resolve(code));
    });
    if (input !== undefined) this.child.stdin?.end(input);
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Waits until it has printed something. */
  async says(what: string | RegExp): Promise<RegExpExecArray | null> {
    const pattern = typeof what === "string" ? new RegExp(literally(what)) : what;
    await until(`said ${pattern}: ${this.err}`, () => pattern.test(this.out));
    return pattern.exec(this.out);
  }

  /** Waits until it has ended, and no process has its output any more. */
  async end(ms = 50_000): Promise<Ending> {
    const code = await within(ms, `end of PID ${this.pid}`, this.#ended);
    return { code, out: this.out, err: this.err };
  }
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
