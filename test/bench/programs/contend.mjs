// node --expose-gc contend.mjs FOLDER CONTENDERS FILES SETTLE: that many contenders in this one process, for locks that
// another process holds. Answers, before it is asked, with what it took until all of them wait, and what that costs
// beside one take of a free lock; then with the ns of the moment at which the last had it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LockFile } from "lock-catalogue";

const UNCONTENDED_ROUNDS = 10_000;

const [folder, ...numbers] = process.argv.slice(2);
const [contenders, files, settle] = numbers.map(Number);
const uncontended = timeUncontended(new LockFile(join(folder, "free.lock")));

globalThis.gc();
const before = process.memoryUsage();
const start = performance.now();
const all = Array.from({ length: contenders }, async (_, i) => {
  const lock = new LockFile(join(folder, `${i % files}.lock`));
  await lock.acquire({ wait: true });
  lock.release();
});
const asked = performance.now() - start;
await sleep(settle);
const helpers = countChildren();
const resident = process.memoryUsage().rss - before.rss;
globalThis.gc();
const heap = process.memoryUsage().heapUsed - before.heapUsed;
console.log(JSON.stringify({ uncontended, asked, heap, resident, helpers }));
await Promise.all(all);
console.log(String(process.hrtime.bigint()));

/** µs for one take and release, once the code is warm. */
function timeUncontended(lock) {
  let start;
  for (let i = -UNCONTENDED_ROUNDS; i < UNCONTENDED_ROUNDS; i++) {
    if (i === 0) start = performance.now();
    lock.acquireSync();
    lock.release();
  }
  return ((performance.now() - start) / UNCONTENDED_ROUNDS) * 1e3;
}

/** Linux tells the children of each thread. */
function countChildren() {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");
  return children.split(" ").filter(Boolean).length;
}
