// How long after its holder's release a lock is had by the one process that waits for it. The holder is the same
// C program for all; the clock is the machine's. Holds are long enough for a contender to wait in the kernel, and of
// random length, so that the poller is met at any moment of its pause.
import { percentileRow } from "../row.mjs";

export const title = "Hand-over to one waiting process";
export const reading = "less is better";

const SHORTEST_MS = 20;
const SPREAD_MS = 50;

export async function answer(scope) {
  const program = await scope.compile("waits.c");
  const file = scope.file("x.lock");
  const holder = scope.start(program, [file, "hold"]);
  const workers = {
    c: scope.start(program, [file, "wait"]),
    async: scope.startNode("waits.mjs", [file, "wait", "async"]),
    sync: scope.startNode("waits.mjs", [file, "wait", "sync"]),
    poll: scope.startNode("waits.mjs", [file, "wait", "poll"]),
  };
  for (const worker of [holder, ...Object.values(workers)]) await worker.answer();

  const late = await scope.inTurns(320, workers, async (contender) => {
    await holder.ask("t");
    contender.tell("");
    await scope.sleep(SHORTEST_MS + SPREAD_MS * Math.random());
    const [released, taken] = await Promise.all([holder.ask("r"), contender.answer()]);
    return Number(BigInt(taken) - BigInt(released)) / 1e6;
  });

  const compare = (what, name, to, other) =>
    [50, 99].map((percent) => {
      const about = { what: `${what}, p${percent}`, to, unit: "ms" };
      return percentileRow(about, percent, late[name], late[other]);
    });
  return [
    ...compare("await acquire", "async", "flock(2) in C", "c"),
    ...compare("acquireSync", "sync", "flock(2) in C", "c"),
    ...compare("await acquire", "async", "a poller of 50 ms", "poll"),
  ];
}
