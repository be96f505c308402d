// What the benchmarks share: a folder that goes away, processes that do not stay, numbers, tables.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Debian's own, for which Debian's modules are installed; another one in PATH may hide it. */
export const PYTHON = "/usr/bin/python3";

/** The path of a file beside this one. */
export function here(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Runs `work` with a new folder; afterwards the folder and the processes that it started are gone. */
export async function inFolder(work) {
  const directory = mkdtempSync(join(tmpdir(), "lock-catalogue-bench-"));
  try {
    await work(directory);
  } finally {
    for (const worker of [...workers]) await worker.end();
    rmSync(directory, { recursive: true });
  }
}

/** Compiles a C file of this folder. @returns the program. */
export function compile(directory, source) {
  const program = join(directory, source.replace(/\.c$/u, ""));
  execFileSync("cc", ["-O2", "-o", program, here(source)]);
  return program;
}

/** A process that answers each line with a line, as {@link Worker.ask} wants it. */
export function startWorker(program, ...args) {
  return new Worker(spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] }));
}

/** One that runs the JavaScript file of this name. */
export function startScript(name, ...args) {
  return startWorker(process.execPath, here(name), ...args);
}

class Worker {
  #child;
  #lines;
  #exited;

  constructor(child) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#exited = new Promise((resolve) => child.once("close", resolve));
    child.stdin.on("error", () => {}); // Its end is told by the line that does not come.
    workers.add(this);
  }

  tell(line) {
    this.#child.stdin.write(`${line}\n`);
  }

  /** @returns the next line that it prints. */
  async answer() {
    const late = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE_MS);
    const { value, done } = await this.#lines.next();
    clearTimeout(late);
    if (done) throw new Error(`${this.#child.spawnargs.join(" ")} ended before it answered`);
    return value;
  }

  ask(line) {
    this.tell(line);
    return this.answer();
  }

  async end() {
    workers.delete(this);
    this.#child.kill("SIGKILL");
    await this.#exited;
  }
}

const workers = new Set();

const PATIENCE_MS = 30_000;

/** The package, or null where it is not installed: a peer is no dependency of what is measured. */
export async function peer(name) {
  try {
    return await import(name);
  } catch (error) {
    if (error.code === "ERR_MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/** Whether Debian's Python has a module. */
export function hasModule(name) {
  return spawnSync(PYTHON, ["-c", `import ${name}`]).status === 0;
}

/** The line that belongs to every table. */
export function machine() {
  return `Node ${process.version}, Linux ${release().split("-")[0]}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}`;
}

export function heading(text) {
  console.log(`\n${text}\n${machine()}`);
}

export function median(values) {
  return percentile(values, 50);
}

/** The smallest of the values that so many percent do not exceed. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}
