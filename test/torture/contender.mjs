// A process of ours under torture: does its part in a loop until it is killed, and prints what it counts.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { isMainThread, Worker } from "node:worker_threads";
import { LockFile, LockFileParsingError } from "lock-catalogue";

const [role, file, ...rest] = process.argv.slice(2);
const PF_EXITING = 0x4; // linux/sched.h; field 9 of proc_pid_stat(5)
const witness = `${file}.witness`;
const me = String(process.pid);
const say = (message) => writeSync(1, `${JSON.stringify(message)}\n`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const random = (to) => Math.random() * to;

/** The file at the path bears our PID as long as we hold the lock: who else got in would have put in its own. */
function stampIsOurs() {
  try {
    return readFileSync(file, "latin1") === `${me}\n`;
  } catch {
    return false;
  }
}

/** Puts our name on the witness; says so where a living process of ours has its own there. */
function enter() {
  for (;;) {
    try {
      const fd = openSync(witness, "wx");
      writeSync(fd, me);
      closeSync(fd);
      return null;
    } catch {
      try {
        const other = readFileSync(witness, "latin1");
        if (other !== "" && isAlive(Number(other))) return other;
        unlinkSync(witness); // Left by one that was killed in its hold.
      } catch {
        // Gone in between: try again.
      }
    }
  }
}

/** A process that the kernel is taking down has given its locks back, though it is not yet a zombie. */
function isAlive(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, , , , , , flags] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return state !== "Z" && state !== "X" && (Number(flags) & PF_EXITING) === 0;
  } catch {
    return false;
  }
}

/** Living processes that say of themselves that they share the lock. */
function readers() {
  const prefix = `${basename(file)}.reader.`;
  const names = readdirSync(dirname(file)).filter((name) => name.startsWith(prefix));
  return names.map((name) => name.slice(prefix.length)).filter(isReading);
}

/**
 * Whether a name among the readers is that of a process that lives: one that was killed leaves its name, and in a long
 * run its PID is another process's. The name holds when its process was started.
 */
function isReading(pid) {
  if (!isAlive(Number(pid))) return false;
  try {
    const started = readFileSync(`${file}.reader.${pid}`, "latin1").trim();
    return started === startOf(pid);
  } catch {
    return false; // It has taken its name away meanwhile.
  }
}

/** When a process was started: field 22 of proc_pid_stat(5). */
function startOf(pid) {
  const status = readFileSync(`/proc/${pid}/stat`, "latin1");
  return status.slice(status.lastIndexOf(")") + 2).split(" ")[22 - 3];
}

/** The living process of ours that says that it holds the lock alone; null if there is none. */
function writer() {
  try {
    const pid = readFileSync(witness, "latin1");
    return pid !== "" && isAlive(Number(pid)) ? pid : null;
  } catch {
    return null;
  }
}

/** The owner, or "unknown" where the holder has not come to stamp the file: it was stopped just then. */
function ownerOf(lock) {
  try {
    return lock.getOwnerPid();
  } catch (error) {
    if (error instanceof LockFileParsingError) return "unknown";
    throw error;
  }
}

const roles = {
  /** Takes the lock, in one of the ways there are, holds it for a random time, and looks who else is there. */
  async exclude() {
    const ways = [
      (lock) => lock.acquire({ wait: true }),
      (lock) => lock.acquire({ timeout: 50, raiseIfFail: false }),
      (lock) => lock.acquire({ wait: false, raiseIfFail: false }),
      (lock) => lock.acquireSync({ timeout: 50, raiseIfFail: false }),
    ];
    const lock = new LockFile(file);
    for (let count = 0; ; ) {
      if (!(await ways[Math.floor(random(ways.length))](lock))) {
        await pause(random(2));
        continue;
      }
      const other = enter();
      if (other !== null) say({ violation: `${me} entered beside ${other}` });
      if (!stampIsOurs()) say({ violation: `${me} holds, and another has stamped` });
      if (random(1) < 0.2) await pause(random(2));
      if (!stampIsOurs()) say({ violation: `${me} held, and another has stamped` });
      if (other === null) unlinkSync(witness);
      lock.release();
      if (++count % 50 === 0) say({ acquired: 50 });
      if (random(1) < 0.3) await pause(random(1));
    }
  },

  /** Shares the lock, in one of the ways there are, or has it alone, and looks who else is there. */
  async share(portion) {
    const ways = [
      (lock, mode) => lock.acquire({ mode, wait: true }),
      (lock, mode) => lock.acquire({ mode, timeout: 50, raiseIfFail: false }),
      (lock, mode) => lock.acquire({ mode, wait: false, raiseIfFail: false }),
      (lock, mode) => lock.acquireSync({ mode, timeout: 50, raiseIfFail: false }),
    ];
    const lock = new LockFile(file);
    for (let count = 0, beside = 0; ; ) {
      const mode = random(1) < Number(portion) ? "shared" : "exclusive";
      if (!(await ways[Math.floor(random(ways.length))](lock, mode))) {
        await pause(random(2));
        continue;
      }
      if (mode === "exclusive") {
        const other = enter();
        if (other !== null) say({ violation: `${me} entered beside ${other}` });
        if (random(1) < 0.2) await pause(random(2));
        const [reader] = readers();
        if (reader !== undefined) say({ violation: `${me} holds alone beside reader ${reader}` });
        if (other === null) unlinkSync(witness);
      } else {
        // At once: a name without content would be that of any process that has the PID later.
        writeFileSync(`${file}.${me}`, startOf(me));
        renameSync(`${file}.${me}`, `${file}.reader.${me}`);
        if (random(1) < 0.5) await pause(random(2));
        const other = writer();
        if (other !== null) say({ violation: `${me} shares beside ${other}` });
        if (!/^(?:\d+ \d+| *)\n/.test(readFileSync(file, "latin1"))) {
          say({ violation: `${me} shares, and another has stamped` });
        }
        if (readers().length > 1) beside++;
        unlinkSync(`${file}.reader.${me}`);
      }
      lock.release();
      if (++count % 50 === 0) {
        say({ acquired: 50, beside });
        beside = 0;
      }
      if (random(1) < 0.3) await pause(random(1));
    }
  },

  /** Shares the lock by flock(1), again and again, and looks who else is there. */
  async flock() {
    // flock(1) does not look whether what it has locked was swept away in between: the shell does. One that is killed
    // leaves the name of a process that is no more.
    const script = `[ "/proc/$$/fd/3" -ef "$0" ] || exit; echo "$(cut -d " " -f 22 "/proc/$$/stat")" >"$0.reader.$$"; cat "$0.witness" 2>&-; rm -f "$0.reader.$$"`;
    for (;;) {
      const child = spawn("flock", ["-s", file, "sh", "-c", script, file], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      let seen = "";
      child.stdout.on("data", (data) => {
        seen += data;
      });
      await once(child, "close");
      // A holder takes its name away before it releases: it was there together with the shell.
      if (seen !== "" && isAlive(Number(seen))) say({ violation: `flock -s met ${seen}` });
      say({ flock: child.exitCode === 0 ? 1 : 0 });
      await pause(random(5));
    }
  },

  /** Removes the file, as a sweeper may: while it has the lock. */
  async sweep() {
    const lock = new LockFile(file);
    for (;;) {
      if (await lock.acquire({ wait: false, raiseIfFail: false, updatePid: false })) {
        unlinkSync(file);
        lock.release();
        say({ swept: 1 });
      }
      await pause(random(2));
    }
  },

  /** Asks who owns the lock, as fast as it can. */
  probe() {
    const lock = new LockFile(file);
    for (;;) {
      for (let i = 0; i < 1000; i++) ownerOf(lock);
      say({ probed: 1000 });
    }
  },

  /** The same in a Worker, while the main thread sleeps. */
  probeInWorker() {
    new Worker(new URL(import.meta.url), { argv: ["probe", file] });
  },

  /** Takes a lock that nobody else ever takes: it can only be free. */
  take(times, updatePid = "true") {
    const lock = new LockFile(file, { updatePid: updatePid === "true" });
    let busy = 0;
    for (let i = 0; i < Number(times); i++) {
      if (lock.acquireSync({ wait: false, raiseIfFail: false })) lock.release();
      else busy++;
    }
    say({ attempts: Number(times), busy });
  },

  /** Shares the lock until it is killed. */
  async shareOnce() {
    await new LockFile(file).acquire({ mode: "shared" });
    say({ shares: me });
    await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));
  },

  /** Holds for a moment, again and again, and says from when to when it may have held. */
  async hold(lastsMs) {
    const lock = new LockFile(file);
    const until = performance.now() + Number(lastsMs);
    while (performance.now() < until) {
      const from = process.hrtime.bigint();
      if (lock.acquireSync({ wait: false, raiseIfFail: false })) {
        if (random(1) < 0.5) await pause(random(2));
        lock.release();
        say({ pid: process.pid, from: String(from), to: String(process.hrtime.bigint()) });
      }
      await pause(random(1));
    }
  },

  /** Asks who owns the lock, and says what it was told from when to when. */
  async read(lastsMs) {
    const lock = new LockFile(file);
    const until = performance.now() + Number(lastsMs);
    while (performance.now() < until) {
      const from = process.hrtime.bigint();
      const owner = ownerOf(lock);
      say({ owner, from: String(from), to: String(process.hrtime.bigint()) });
      if (random(1) < 0.1) await pause(0);
    }
  },

  /** Many contenders that wait, each holding for a while; counts what it got and the longest wait. */
  async compete(contenders, holdMs, lastsMs) {
    let acquired = 0;
    let longest = 0;
    const until = performance.now() + Number(lastsMs);
    const compete = async () => {
      const lock = new LockFile(file, { wait: true });
      while (performance.now() < until) {
        const start = performance.now();
        await lock.acquire();
        longest = Math.max(longest, performance.now() - start);
        acquired++;
        await pause(Number(holdMs));
        lock.release();
      }
    };
    await Promise.all(Array.from({ length: Number(contenders) }, compete));
    say({ acquired, longest });
  },

  /** The same by flock(1), one after the other, each of which waits in the kernel's queue. */
  async competeByFlock(holdMs, lastsMs) {
    let acquired = 0;
    let longest = 0;
    const until = performance.now() + Number(lastsMs);
    while (performance.now() < until) {
      const start = performance.now();
      spawnSync("flock", [file, "sleep", String(Number(holdMs) / 1e3)]);
      longest = Math.max(longest, performance.now() - start - Number(holdMs));
      acquired++;
    }
    say({ acquired, longest });
  },
};

if (isMainThread) {
  say({ ready: role });
  await once(process.stdin, "data"); // Until it is told to go.
  process.stdin.destroy();
}
await roles[role](...rest);
