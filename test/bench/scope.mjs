// Where a question is answered: a folder and processes that are gone afterwards, however it ends.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "./worker.mjs";

/** Runs `answer` with a scope of its own. An abort kills its processes, and so ends its waits. */
export async function inScope({ quick, signal }, answer) {
  const scope = new Scope(quick, signal);
  try {
    return await answer(scope);
  } finally {
    await scope.end();
  }
}

/** The command, as it is built. */
export const MAIN = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

/** The path of a program of the benchmarks. */
export function programPath(name) {
  return fileURLToPath(new URL(`programs/${name}`, import.meta.url));
}

/** More than the longest of it takes on a slow machine. */
const PATIENCE_MS = 60_000;

class Scope {
  #quick;
  #signal;
  #directory = mkdtempSync(join(tmpdir(), "lock-catalogue-bench-"));
  /** Every process that runs, and the promise of its end. */
  #running = new Map();
  #kill = () => {
    for (const child of this.#running.keys()) child.kill("SIGKILL");
  };

  constructor(quick, signal) {
    this.#quick = quick;
    this.#signal = signal;
    signal.addEventListener("abort", this.#kill);
  }

  /** How often, or how long: the second where only a try is wanted. */
  few(full, quick) {
    return this.#quick ? quick : full;
  }

  /** @returns the path of a new, empty file. */
  file(name) {
    const path = join(this.#directory, name);
    writeFileSync(path, "");
    return path;
  }

  /** @returns the path of a new folder. */
  folder(name) {
    const path = join(this.#directory, name);
    mkdirSync(path);
    return path;
  }

  /** Compiles one of the programs. @returns the path of the result. */
  async compile(name) {
    const path = join(this.#directory, name.replace(/\.c$/u, ""));
    await this.run("cc", ["-O2", "-o", path, programPath(name)]).catch((error) => {
      if (error.code !== "ENOENT") throw error;
      throw new Error("there is no C compiler: apt-get install gcc libc6-dev", { cause: error });
    });
    return path;
  }

  /** Runs a program to its end. @returns what it printed, and how long it took in ms. */
  async run(program, args, options) {
    const start = performance.now();
    const bounds = { timeout: PATIENCE_MS, killSignal: "SIGKILL", maxBuffer: 2 ** 26 };
    const result = promisify(execFile)(program, args, { ...bounds, ...options });
    this.#watch(result.child);
    const { stdout } = await result;
    return { stdout, ms: performance.now() - start };
  }

  /** Starts a program that answers each line with a line. */
  start(program, args) {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    return new Worker(child, this.#watch(child), PATIENCE_MS);
  }

  /** The same for a JavaScript program of the benchmarks. */
  startNode(name, args, execArgv = []) {
    return this.start(process.execPath, [...execArgv, programPath(name), ...args]);
  }

  sleep(ms) {
    return sleep(ms, undefined, { signal: this.#signal });
  }

  /**
   * Measures all ways once to warm up, then all of them turn by turn, every other turn in reverse: what the machine
   * does beside it, and what one way leaves behind in its caches, meets all alike. Where only a try is wanted, once.
   *
   * @param ways an object, or an array.
   * @returns an object of lists: what was measured of each way, in each turn.
   */
  async inTurns(turns, ways, measure) {
    const results = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
    const order = Object.entries(ways);
    for (let turn = this.few(-1, 0); turn < this.few(turns, 1); turn++) {
      for (const [name, way] of turn % 2 === 0 ? order : order.toReversed()) {
        this.#signal.throwIfAborted();
        const result = await measure(way);
        if (turn >= 0) results[name].push(result);
      }
    }
    return results;
  }

  async end() {
    this.#kill();
    await Promise.all(this.#running.values());
    this.#signal.removeEventListener("abort", this.#kill);
    rmSync(this.#directory, { recursive: true, maxRetries: 5 });
  }

  #watch(child) {
    const ended = new Promise((resolve) => child.once("close", resolve));
    this.#running.set(child, ended);
    ended.then(() => this.#running.delete(child));
    return ended;
  }
}
