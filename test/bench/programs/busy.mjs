// node busy.mjs FILE WAY: for each line does one thing so many times, and answers with how long each took (ms).
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { LockFile } from "lock-catalogue";

const [file, way] = process.argv.slice(2);
const lock = new LockFile(file);
const contender = new LockFile(file);

const ways = {
  /** Another process holds it. */
  owner: () => lock.getOwnerPid(),
  busy() {
    try {
      lock.acquireSync({ wait: false });
    } catch (error) {
      return error.message;
    }
    throw new Error("it is held");
  },
  /** Alone: beside other readings it waits for less. */
  table: () => readFileSync("/proc/locks", "latin1"),
  release: () => lock.release(),
};

console.log("ready");
for await (const times of createInterface({ input: process.stdin })) {
  const took = [];
  for (let i = 0; i < Number(times); i++) {
    await sleep(20);
    if (way === "release") lock.acquireSync();
    const next = way === "release" ? contender.acquire({ wait: true }) : null;
    // By then the contender waits.
    if (next !== null) await sleep(5);
    const start = performance.now();
    ways[way]();
    took.push(performance.now() - start);
    await next;
    contender.release();
  }
  console.log(JSON.stringify(took));
}
