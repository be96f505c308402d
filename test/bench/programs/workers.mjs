// node workers.mjs FILE WAY: a Worker that waits for a lock synchronously (`lock`), or sleeps (`sleep`), while the main
// thread is free. "wait" lets it take and release the lock, and answers with the ns of the moment at which it had it;
// "end" answers with how long (ms) `terminate()` of a Worker takes that waits for a lock that is held, or sleeps.
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { LockFile } from "lock-catalogue";

/** By then the tries are over, and a helper waits. */
const SETTLED_MS = 200;

if (isMainThread) await main();
else work();

async function main() {
  const [file, way] = process.argv.slice(2);
  const start = async () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { file, way } });
    await once(worker, "message");
    return worker;
  };
  let waiter = await start();
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    waiter.postMessage(line);
    if (line === "wait") {
      const [taken] = await once(waiter, "message");
      console.log(taken);
    } else {
      await sleep(SETTLED_MS);
      const from = performance.now();
      await waiter.terminate();
      console.log(performance.now() - from);
      waiter = await start();
    }
  }
}

function work() {
  const { file, way } = workerData;
  const lock = new LockFile(file);
  parentPort.on("message", () => {
    if (way === "sleep") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    lock.acquireSync({ wait: true });
    const taken = process.hrtime.bigint();
    lock.release();
    parentPort.postMessage(String(taken));
  });
  parentPort.postMessage("ready");
}
