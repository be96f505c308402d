// What 1, 100, 1,000 and 10,000 contenders of one process cost while another process holds what they wait for:
// their time from the first call to the last release, without the time in which nothing can happen; the memory
// of their waits; and the helpers, processes that wait in the kernel's queue for them. One process for each row.
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LockFile } from "lock-catalogue";
import { heading, here, inFolder } from "./support.mjs";

const SIZES = [
  { contenders: 1, files: 1 },
  { contenders: 100, files: 1 },
  { contenders: 1_000, files: 1 },
  { contenders: 10_000, files: 1 },
  { contenders: 100, files: 100 },
];
/** Long enough for every helper to wait. */
const SETTLE_MS = 1_000;
const UNCONTENDED = 10_000;

if (process.send === undefined) await report();
else await contend(process.argv[2], Number(process.argv[3]), Number(process.argv[4]));

async function report() {
  await inFolder(async (directory) => {
    const rows = [];
    for (const { contenders, files } of SIZES) {
      const figures = await measure(directory, contenders, files);
      const each = ((figures.start + figures.end) * 1e3) / contenders;
      rows.push({
        contenders,
        files,
        "each / uncontended": (each / figures.uncontended).toFixed(1),
        "µs each": each.toFixed(1),
        "ms until all wait": figures.start.toFixed(1),
        "ms until all had it": figures.end.toFixed(1),
        "kB each": figures.heap === null ? "–" : (figures.heap / contenders / 1e3).toFixed(1),
        "MB more": `+${(figures.resident / 1e6).toFixed(1)}`,
        helpers: figures.helpers,
      });
    }
    heading("Contenders in one process, for locks that another process holds");
    console.table(rows);
  });
}

/** Holds the locks while a process of its own sets out to wait for them, then gives them back. */
async function measure(directory, contenders, files) {
  const locks = locksIn(directory, files);
  for (const lock of locks) lock.acquireSync();
  const child = fork(here("contenders.mjs"), [directory, contenders, files], {
    execArgv: ["--expose-gc"],
    timeout: 30_000,
    killSignal: "SIGKILL",
  });
  const exit = once(child, "exit");
  const ended = exit.then(([code, signal]) => {
    throw new Error(`the process of ${contenders} contenders ended with ${signal ?? code}`);
  });
  ended.catch(() => {});
  try {
    const [waiting] = await Promise.race([once(child, "message"), ended]);
    const released = process.hrtime.bigint();
    for (const lock of locks) lock.release();
    const [{ last }] = await Promise.race([once(child, "message"), ended]);
    return { ...waiting, end: Number(BigInt(last) - released) / 1e6 };
  } finally {
    child.kill("SIGKILL");
    await exit;
    for (const lock of locks) lock.release();
  }
}

/** In the process of its own. */
async function contend(directory, contenders, files) {
  const uncontended = timeUncontended(new LockFile(join(directory, "free.lock")));
  const paths = locksIn(directory, files).map((lock) => lock.filename);
  globalThis.gc();
  const before = process.memoryUsage();
  const started = performance.now();
  const all = Array.from({ length: contenders }, async (_, i) => {
    const lock = new LockFile(paths[i % files]);
    await lock.acquire({ wait: true });
    lock.release();
  });
  const start = performance.now() - started;
  await sleep(SETTLE_MS);
  const helpers = countChildren();
  const resident = process.memoryUsage().rss - before.rss;
  globalThis.gc();
  const heap = contenders === 1 ? null : process.memoryUsage().heapUsed - before.heapUsed;
  process.send({ uncontended, start, heap, resident, helpers });
  await Promise.all(all);
  process.send({ last: String(process.hrtime.bigint()) });
  await once(process, "disconnect");
}

/** µs for one take and release. */
function timeUncontended(lock) {
  for (let round = 0; round < 2; round++) {
    const start = performance.now();
    for (let i = 0; i < UNCONTENDED; i++) {
      lock.acquireSync();
      lock.release();
    }
    if (round === 1) return ((performance.now() - start) / UNCONTENDED) * 1e3;
  }
}

function locksIn(directory, files) {
  return Array.from({ length: files }, (_, i) => new LockFile(join(directory, `${i}.lock`)));
}

/** Linux tells the children of each thread. */
function countChildren() {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");
  return children.split(" ").filter(Boolean).length;
}
