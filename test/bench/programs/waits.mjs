// The roles of waits.c for this package: node waits.mjs FILE hold, or FILE wait|share async|sync|poll. The poller takes the lock
// as ours does and differs only in how it waits: it tries again every 50 ms.
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { LockFile } from "lock-catalogue";

const POLL_MS = 50;
const [file, role, way] = process.argv.slice(2);
const lock = new LockFile(file);
const cell = new Int32Array(new SharedArrayBuffer(4));
const now = () => process.hrtime.bigint();

const take = {
  async: () => lock.acquire({ wait: true }),
  sync: () => lock.acquireSync({ wait: true }),
  poll: async () => {
    while (!(await lock.acquire({ raiseIfFail: false }))) await sleep(POLL_MS);
  },
}[way];

const answers = { hold: takeOrRelease, wait: waitOnce, share };
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  console.log(String(await answers[role](line)));
}

/** Not the answer, but the time before the release, so that what a release costs counts. */
async function takeOrRelease(line) {
  if (line === "t") {
    await lock.acquire({ wait: true });
    return 0n;
  }
  const released = now();
  lock.release();
  return released;
}

async function waitOnce() {
  await take();
  const taken = now();
  lock.release();
  return taken;
}

async function share(line) {
  const [start, end, hold, pause] = line.split(" ").map(BigInt);
  pauseFor(start - now());
  let count = 0;
  while (now() < end) {
    await take();
    const taken = now();
    if (taken < end) {
      count++;
      while (now() < taken + hold);
    }
    lock.release();
    pauseFor(pause);
  }
  return count;
}

/** As exact as nanosleep in C, which a timer of whole ms is not. */
function pauseFor(ns) {
  if (ns > 0n) Atomics.wait(cell, 0, 0, Number(ns) / 1e6);
}
