// npm run bench: what an uncontended take and release costs, beside a C loop of the same system calls and
// beside Barman. All in one run, turn by turn, so that the ratios hold where the times drift; the ratio of
// each turn is taken by itself, and the median of the turns is printed.
import { execFileSync } from "node:child_process";
import fs, { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LockFile } from "lock-catalogue";

const TURNS = 15;
const ROUNDS = 30_000;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), "lock-catalogue-bench-"));

try {
  const loop = join(directory, "uncontended");
  execFileSync("cc", ["-O2", "-o", loop, here("uncontended.c")]);
  const file = join(directory, "x.lock");
  writeFileSync(file, "");
  const lock = new LockFile(file);

  const run = (program, ...args) => Number(execFileSync(program, [...args, file, String(ROUNDS)]));
  const bare = bareCalls(file);
  const ways = {
    c: async () => run(loop),
    barman: async () => run("/usr/bin/python3", here("uncontended.py")),
    sync: () =>
      timed(() => {
        lock.acquireSync();
        lock.release();
      }),
    bare: () => timed(bare),
    async: () =>
      timed(async () => {
        await lock.acquire();
        lock.release();
      }),
  };
  for (const way of Object.values(ways)) await way();
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const times = {};
    for (const [name, way] of Object.entries(ways)) times[name] = await way();
    turns.push(times);
  }

  const ratio = (a, b) => median(turns.map((times) => times[a] / times[b]));
  const rows = [
    ["acquireSync + release / Barman's", ratio("sync", "barman"), 1],
    ["acquireSync + release / a C loop of the same system calls", ratio("sync", "c"), 1.4],
    ["the same calls of Node.js, without code of ours / that C loop", ratio("bare", "c"), null],
    ["await acquire + release / acquireSync + release", ratio("async", "sync"), 1.3],
  ].map(([what, value, bound]) => ({
    what,
    ratio: value.toFixed(2),
    ...(bound === null ? {} : { bound: `≤ ${bound}`, holds: value <= bound }),
  }));
  console.log(
    `Node ${process.version}, ${cpus()[0]?.model}, ${cpus().length} cores; ${TURNS} turns of ${ROUNDS}`,
  );
  console.table(rows);
  const micro = Object.keys(ways).map((name) => [
    name,
    `${median(turns.map((t) => t[name])).toFixed(1)} µs`,
  ]);
  console.log("medians:", Object.fromEntries(micro));
} finally {
  rmSync(directory, { recursive: true });
}

/** µs for one of ROUNDS, after some that bring caches back from the other programs. */
async function timed(once) {
  for (let i = 0; i < ROUNDS / 10; i++) await once();
  const start = performance.now();
  if (once.constructor.name === "AsyncFunction") for (let i = 0; i < ROUNDS; i++) await once();
  else for (let i = 0; i < ROUNDS; i++) once();
  return ((performance.now() - start) / ROUNDS) * 1e3;
}

/** What a lock cannot do without: the calls, with nothing around them. */
function bareCalls(file) {
  const { flockSync, constants } = createRequire(import.meta.url)("fs-ext");
  const { O_RDWR, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants;
  const flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const stamp = Buffer.from(`${process.pid}\n`);
  const blank = Buffer.from(`${" ".repeat(stamp.length - 1)}\n`);
  return () => {
    const fd = fs.openSync(file, flags);
    flockSync(fd, constants.LOCK_EX | constants.LOCK_NB);
    if (fs.fstatSync(fd).nlink !== 1) throw new Error("gone");
    fs.writeSync(fd, stamp, 0, stamp.length, 0);
    fs.writeSync(fd, blank, 0, blank.length, 0);
    flockSync(fd, constants.LOCK_UN);
    fs.closeSync(fd);
  };
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
