// How long after its holder's release a lock is had by the one process that waits for it. The holder is the same
// C program for all; the clock is the machine's. Holds are of random length, so that a poller is met at any moment
// of its pause.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  compile,
  heading,
  inFolder,
  median,
  percentile,
  startScript,
  startWorker,
} from "./support.mjs";

const TURNS = 150;
const SHORTEST_MS = 30;
const SPREAD_MS = 50;

await inFolder(async (directory) => {
  const program = compile(directory, "waits.c");
  const file = join(directory, "x.lock");
  writeFileSync(file, "");
  const holder = startWorker(program, file, "hold");
  const ways = {
    "C, blocked in flock(2)": startWorker(program, file, "wait"),
    "await acquire({ wait: true })": startScript("waits.mjs", file, "wait", "async"),
    "acquireSync({ wait: true })": startScript("waits.mjs", file, "wait", "sync"),
    "a poller that tries every 50 ms": startScript("waits.mjs", file, "wait", "poll"),
  };
  const late = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (const worker of [holder, ...Object.values(ways)]) await worker.answer();
  for (let turn = -3; turn < TURNS; turn++) {
    for (const [name, contender] of Object.entries(ways)) {
      await holder.ask("t");
      contender.tell("");
      await sleep(SHORTEST_MS + SPREAD_MS * Math.random());
      const [released, taken] = await Promise.all([holder.ask("r"), contender.answer()]);
      // The first turns warm up.
      if (turn >= 0) late[name].push(Number(BigInt(taken) - BigInt(released)) / 1e6);
    }
  }
  const [floor] = Object.values(late);
  heading(`Hand-over to one waiting process: ${TURNS} turns, holds of 30 to 80 ms`);
  console.table(
    Object.entries(late).map(([who, ms]) => ({
      who,
      "p50 / C's": (median(ms) / median(floor)).toFixed(1),
      "p99 / C's": (percentile(ms, 99) / percentile(floor, 99)).toFixed(1),
      "p50 ms": median(ms).toFixed(2),
      "p99 ms": percentile(ms, 99).toFixed(2),
    })),
  );
});
