// What 2, 8 and 32 processes get of one lock that all want all the time: how often it is taken, and how evenly.
// Each holds it for 1 ms of work and then leaves it for 1 ms. 1 is an equal share.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, heading, inFolder, startScript, startWorker } from "./support.mjs";

const SIZES = [2, 8, 32];
const SECONDS = 3;
const HOLD_NS = 1_000_000;
const PAUSE_NS = 1_000_000;

await inFolder(async (directory) => {
  const program = compile(directory, "waits.c");
  const file = join(directory, "x.lock");
  writeFileSync(file, "");
  const ways = {
    "C, blocked in flock(2)": () => startWorker(program, file, "share"),
    "await acquire({ wait: true })": () => startScript("waits.mjs", file, "share", "async"),
    "a poller that tries every 50 ms": () => startScript("waits.mjs", file, "share", "poll"),
  };
  const rows = [];
  for (const size of SIZES) {
    let floor;
    for (const [who, start] of Object.entries(ways)) {
      const counts = await contend(Array.from({ length: size }, start));
      const whole = counts.reduce((sum, count) => sum + count, 0);
      floor ??= whole;
      const share = (count) => ((count * size) / whole).toFixed(2);
      rows.push({
        processes: size,
        who,
        "takes / C's": (whole / floor).toFixed(2),
        "smallest share": share(Math.min(...counts)),
        "largest share": share(Math.max(...counts)),
        "takes/s": Math.round(whole / SECONDS),
      });
    }
  }
  heading(`Contending processes: ${SECONDS} s each, 1 ms with the lock, 1 ms without`);
  console.table(rows);
});

/** @returns how often each took the lock, all in the same seconds. */
async function contend(workers) {
  for (const worker of workers) await worker.answer();
  const start = process.hrtime.bigint() + 100_000_000n;
  const end = start + BigInt(SECONDS) * 1_000_000_000n;
  const line = [start, end, HOLD_NS, PAUSE_NS].join(" ");
  const counts = await Promise.all(workers.map((worker) => worker.ask(line)));
  for (const worker of workers) await worker.end();
  return counts.map(Number);
}
