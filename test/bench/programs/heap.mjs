// node heap.mjs FILE MEGABYTES: a process with that much in Buffers. For each line the longest stop of its event loop (ms)
// while it waits for a lock that is held (`wait`), or starts a program (`spawn`).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { LockFile } from "lock-catalogue";
import { longestStop } from "../longest-stop.mjs";

const [file, megabytes] = process.argv.slice(2);
/** By then the tries are over, and a helper waits. */
const TIMEOUT_MS = 300;

const buffers = Array.from({ length: Number(megabytes) }, () => Buffer.alloc(2 ** 20, 1));

const ways = {
  async wait() {
    const options = { timeout: TIMEOUT_MS, raiseIfFail: false };
    if (await new LockFile(file).acquire(options)) throw new Error("it is held");
  },
  spawn: () => once(spawn("true", { stdio: "ignore" }), "exit"),
};

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const end = longestStop();
  await ways[line]();
  console.log(end());
}
// Used to the end, so that they are not freed before.
if (buffers.some((buffer) => buffer[0] !== 1)) process.exitCode = 1;
