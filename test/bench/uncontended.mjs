// npm run bench: what an uncontended take and release costs, beside a C loop of the same system calls and
// beside Barman. All in one run, turn by turn, so that the ratios hold where the times drift; the ratio of
// each turn is taken by itself, and the median of the turns is printed.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
  const ways = {
    c: async () => run(loop),
    barman: async () => run("/usr/bin/python3", here("uncontended.py")),
    sync: () =>
      timed(() => {
        lock.acquireSync();
        lock.release();
      }),
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
    ["await acquire + release / acquireSync + release", ratio("async", "sync"), 1.3],
  ].map(([what, value, bound]) => ({
    what,
    ratio: value.toFixed(2),
    bound: `≤ ${bound}`,
    holds: value <= bound,
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

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
