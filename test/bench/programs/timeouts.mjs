// node timeouts.mjs ours|timers FOLDER WAITS FILES TIMEOUT OWN: for each line, that many waits with that timeout (ms), shared
// out over locks that another process holds, or as many timers. Answers with how late each ended, and the longest stop of
// the event loop (ms) once all of them wait. Each of ours ends with the error that names the holder; with OWN locks of
// its own held meanwhile, the program also asks to be told whom it waits for.
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { LockFile } from "lock-catalogue";
import { longestStop } from "../longest-stop.mjs";

const [way, folder, ...numbers] = process.argv.slice(2);
const [waits, files, timeout, own] = numbers.map(Number);
const options = own > 0 ? { timeout, onWait() {} } : { timeout };
for (let i = 0; i < own && way === "ours"; i++)
  new LockFile(join(folder, `own-${i}.lock`)).acquireSync();

const wait = {
  async ours(i) {
    const lock = new LockFile(join(folder, `${i % files}.lock`));
    const error = await lock.acquire(options).then(
      () => null,
      (error) => error,
    );
    if (error?.code !== "LOCK_TIMEOUT") throw error ?? new Error("it is held");
  },
  timers: () => sleep(timeout),
}[way];

console.log("ready");
for await (const _ of createInterface({ input: process.stdin })) {
  const all = Array.from({ length: waits }, async (_, i) => {
    const start = performance.now();
    await wait(i);
    return performance.now() - start - timeout;
  });
  const end = longestStop();
  const late = await Promise.all(all);
  console.log(JSON.stringify({ late, longest: end() }));
}
