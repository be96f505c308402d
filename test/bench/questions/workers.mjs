// A Worker that waits synchronously: how long after the release it has the lock, and how long it takes to end it.
import { LockFile } from "lock-catalogue";
import { percentileRow, row } from "../row.mjs";

export const title = "A Worker that waits synchronously";
export const reading = "less is better";

export async function answer(scope) {
  const program = await scope.compile("waits.c");
  const file = scope.file("x.lock");
  const holder = scope.start(program, [file, "hold"]);
  const workers = {
    lock: scope.startNode("workers.mjs", [file, "lock"]),
    c: scope.start(program, [file, "wait"]),
  };
  const ends = { lock: workers.lock, sleep: scope.startNode("workers.mjs", [file, "sleep"]) };
  for (const worker of [holder, workers.lock, workers.c, ends.sleep]) await worker.answer();

  const late = await scope.inTurns(60, workers, async (contender) => {
    await holder.ask("t");
    contender.tell("wait");
    await scope.sleep(200 + 50 * Math.random());
    const [released, taken] = await Promise.all([holder.ask("r"), contender.answer()]);
    return Number(BigInt(taken) - BigInt(released)) / 1e6;
  });
  const held = new LockFile(file);
  await held.acquire({ wait: true });
  const ended = await scope.inTurns(15, ends, async (worker) => Number(await worker.ask("end")));
  held.release();

  const hold = "acquireSync in a Worker, held for 200 to 250 ms";
  const about = { to: "flock(2) in C", unit: "ms" };
  return [
    // It looks every 4 ms: whoever blocks for good cannot be ended.
    percentileRow({ ...about, what: `${hold}, p50`, figureAtMost: 5 }, 50, late.lock, late.c),
    percentileRow({ ...about, what: `${hold}, p99` }, 99, late.lock, late.c),
    row(
      {
        what: "terminate() of one that waits",
        to: "one that sleeps",
        unit: "ms",
        figureAtMost: 50,
      },
      ended.lock,
      ended.sleep,
    ),
  ];
}
