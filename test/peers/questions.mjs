// What is asked of each program, and answered by running it: true, false, or a word.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, release, until, within } from "./processes.mjs";

const FLOCK = ["flock", "--nonblock"];

/** Whether a number stands in a text by itself. */
const names = (text, pid) => new RegExp(`(?<!\\d)${pid}(?!\\d)`).test(text);

/** Whether something comes to hold: who tells nothing is not waited for longer than this. */
async function soon(holds) {
  for (const end = performance.now() + 5000; !holds(); await sleep(5)) {
    if (performance.now() > end) return false;
  }
  return true;
}

/** Of what runs a command under a lock. */
export const OF_RUNNERS = {
  "excludes flock(1), both ways": async (bench, { now }) => {
    const theirs = await bench.hold([...FLOCK, bench.file]);
    if (await bench.getsIn(now(bench.file))) return false;
    await release(theirs);
    const own = await bench.hold(now(bench.file));
    return own !== null && !(await bench.getsIn([...FLOCK, bench.file]));
  },
  "can wait": async (bench, { wait }) => {
    const holder = await bench.hold(wait(bench.file));
    const waiter = bench.start([...wait(bench.file), "echo", "inside"]);
    // Where it has not even started yet, it waits all the same when it has.
    await Promise.race([waiter.closed, sleep(300)]);
    if (waiter.said.includes("inside")) return false;
    await release(holder);
    await within(waiter.closed, "the end of the one that waits");
    return waiter.said.includes("inside");
  },
  "can wait for so long and no longer": async (bench, { now, atMost }) => {
    if (atMost === null) return false;
    await bench.hold(now(bench.file));
    return !(await bench.getsIn(atMost(bench.file)));
  },
  "can share the lock": async (bench, { shared }) => {
    if (shared === null) return false;
    await bench.hold(shared(bench.file));
    return bench.getsIn(shared(bench.file));
  },
  "names the holder if the lock is busy": async (bench, { now }) => {
    const { command, pid } = await bench.hold(now(bench.file));
    const { said } = await bench.run([...now(bench.file), "true"]);
    return names(said, command) || names(said, pid);
  },
  "names the holder while it waits": async (bench, { wait }) => {
    const holder = await bench.hold(wait(bench.file));
    const waiter = bench.start([...wait(bench.file), "true"]);
    return soon(() => names(waiter.said, holder.command) || names(waiter.said, holder.pid));
  },
  "the file names the command": async (bench, { now }) => {
    const { command } = await bench.hold(now(bench.file));
    // The command may be faster than who writes its PID down.
    return soon(() => names(readFileSync(bench.file, "utf8"), command));
  },
  "passes on the exit status": async (bench, { now }) =>
    (await bench.run([...now(bench.file), "sh", "-c", "exit 7"])).code === 7,
  "ends by the signal that ended the command": async (bench, { now }) =>
    (await bench.run([...now(bench.file), "sh", "-c", "kill -TERM $$"])).signal === "SIGTERM",
  "passes SIGTERM on to the command": async (bench, { now }) => {
    const trap = "trap 'echo caught; exit' TERM; echo ready $$; while :; do sleep 0.05; done";
    const holder = bench.start([...now(bench.file), "sh", "-c", trap]);
    await until("the command runs", () => /ready \d+\n/.test(holder.said));
    const [, command] = /ready (\d+)/.exec(holder.said);
    process.kill(holder.pid, "SIGTERM");
    await within(holder.ended, "the end by SIGTERM");
    if (isAlive(command)) return false;
    await within(holder.closed, "the end of what it says");
    return holder.said.includes("caught");
  },
  "killed with -9, keeps others out while the command lives": async (bench, { now }) => {
    const holder = await bench.hold(now(bench.file));
    if (holder.pid === holder.command) return "is the command";
    process.kill(holder.pid, "SIGKILL");
    await within(holder.ended, "its end");
    return !(await bench.getsIn(now(bench.file)));
  },
  "is free once all of it was killed with -9": async (bench, { now }) => {
    const holder = await bench.hold(now(bench.file));
    process.kill(-holder.pid, "SIGKILL");
    await within(holder.ended, "its end");
    await until("the end of the command", () => !isAlive(holder.command));
    return bench.getsIn(now(bench.file));
  },
  "what the command leaves behind keeps the lock": async (bench, { now }) => {
    await bench.run([...now(bench.file), "sh", "-c", "sleep 1000 >/dev/null 2>&1 &"]);
    return !(await bench.getsIn(now(bench.file)));
  },
  "the file stays": async (bench, { now }) => {
    await bench.run([...now(bench.file), "true"]);
    return existsSync(bench.file);
  },
};

/** Of what shows locks. */
export const OF_LOOKERS = {
  "names the holder": async (bench, { look }) => {
    const { command } = await bench.hold([...FLOCK, "--no-fork", bench.file]);
    return names((await bench.run(look(bench.file, bench.directory))).said, command);
  },
  "leaves out who has only opened the file": async (bench, { look }) => {
    await bench.hold([...FLOCK, "--no-fork", bench.file]);
    const reader = await bench.hold(["sh", "-c", 'exec 9<"$0"; "$@"', bench.file]);
    return !names((await bench.run(look(bench.file, bench.directory))).said, reader.command);
  },
  "names who waits": async (bench, { look }) => {
    await bench.hold([...FLOCK, "--no-fork", bench.file]);
    const waiter = bench.start(["flock", bench.file, "true"]);
    const waitsInKernel = () =>
      readFileSync("/proc/locks", "utf8").match(new RegExp(`-> FLOCK .* ${waiter.pid} `)) !== null;
    await until("one waits", waitsInKernel);
    return names((await bench.run(look(bench.file, bench.directory))).said, waiter.pid);
  },
  "names all who share": async (bench, { look }) => {
    const words = ["flock", "--nonblock", "--no-fork", "--shared", bench.file];
    const sharing = [await bench.hold(words), await bench.hold(words)];
    const { said } = await bench.run(look(bench.file, bench.directory));
    return sharing.every(({ command }) => names(said, command));
  },
  "says that a file is open and not locked": async (bench, { look }) => {
    await bench.run([...FLOCK, bench.file, "true"]);
    const reader = await bench.hold(["sh", "-c", 'exec 9<"$0"; "$@"', bench.file]);
    const { said } = await bench.run(look(bench.file, bench.directory));
    return !names(said, reader.command) && /free/i.test(said);
  },
};
