// Processes that a measurement starts, in a directory of its own, and that end with it.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Measures in a new directory, and ends all that was started. */
export async function inBench(measure) {
  const bench = new Bench();
  try {
    return await measure(bench);
  } finally {
    bench.close();
  }
}

class Bench {
  directory = mkdtempSync(join(tmpdir(), "lock-catalogue-peers-"));
  file = join(this.directory, ".main-backup.lock");
  #groups = [];

  /** Starts a program in a process group of its own. */
  start([program, ...args]) {
    const child = spawn(program, args, { cwd: this.directory, detached: true });
    const started = { child, pid: child.pid, said: "" };
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        started.said += data;
      });
    }
    started.ended = new Promise((done) => {
      child.once("error", () => done({ code: null, signal: null }));
      child.once("exit", (code, signal) => done({ code, signal }));
    });
    started.closed = new Promise((done) => child.once("close", done));
    this.#groups.push(child.pid);
    return started;
  }

  /** Runs a program until it and all that has its output have ended. */
  async run(words) {
    const started = this.start(words);
    const ending = await within(started.ended, words.join(" "));
    await within(started.closed, `the end of the output of ${words.join(" ")}`);
    return { ...ending, said: started.said };
  }

  /** Runs a command under the lock until {@link release}; its PID, and that of what runs it. */
  async hold(words) {
    const holder = this.start([...words, "sh", "-c", "echo command $$; exec sleep 1000"]);
    let found = null;
    await until(`${words.join(" ")} holds`, () => {
      found = /command (\d+)/.exec(holder.said);
      return found !== null || holder.child.exitCode !== null;
    });
    return found === null ? null : { ...holder, command: Number(found[1]) };
  }

  /** Whether a command runs under the lock, which is asked for without waiting. */
  async getsIn(words) {
    return (await this.run([...words, "echo", "inside"])).said.includes("inside");
  }

  close() {
    for (const group of this.#groups) {
      try {
        process.kill(-group, "SIGKILL");
      } catch {
        // All of it has ended.
      }
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Whether a process lives; one that nobody has waited for is dead. */
export function isAlive(pid) {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Lets a holder end in order. */
export async function release({ command, ended }) {
  process.kill(command, "SIGTERM");
  await within(ended, "the end of a holder");
}

/** Waits until it is so, but not for ever. */
export async function until(what, condition) {
  for (const end = performance.now() + 30_000; !condition(); await sleep(5)) {
    if (performance.now() > end) throw new Error(`not after 30 s: ${what}`);
  }
}

/** Waits for a promise, but not for ever. */
export function within(promise, what) {
  const bound = new AbortController();
  const late = sleep(30_000, undefined, { signal: bound.signal }).then(
    () => Promise.reject(new Error(`not within 30 s: ${what}`)),
    () => {},
  );
  return Promise.race([promise, late]).finally(() => bound.abort());
}
