// How long after its holder's release a lock is had by the one process that waits for it. The clock is the machine's.
// Where the holder is ours, its release writes into the file, and a contender of ours that has not gone into the
// kernel's queue is told by that: holds of 5 ms, which end before, and of 50 ms. Where it is a C program, as flock(1),
// nothing is written, and holds are of random length, so that the poller is met at any moment of its pause.
import { percentileRow } from "../row.mjs";

export const title = "Hand-over to one waiting process";
export const reading = "less is better";

/** The shortest and the longest hold, in ms. */
const HOLDS = { "5 ms": [5, 5], "50 ms": [50, 50], "20 to 70 ms": [20, 70] };

export async function answer(scope) {
  const program = await scope.compile("waits.c");
  const file = scope.file("x.lock");
  const ours = scope.startNode("waits.mjs", [file, "hold"]);
  const foreign = scope.start(program, [file, "hold"]);
  const workers = {
    c: scope.start(program, [file, "wait"]),
    async: scope.startNode("waits.mjs", [file, "wait", "async"]),
    sync: scope.startNode("waits.mjs", [file, "wait", "sync"]),
    poll: scope.startNode("waits.mjs", [file, "wait", "poll"]),
  };
  for (const worker of [ours, foreign, ...Object.values(workers)]) await worker.answer();

  /** How late (ms) each contender is, by its name. */
  const lateness = (holder, hold, names, rounds) => {
    const [shortest, longest] = HOLDS[hold];
    const contenders = Object.fromEntries(names.map((name) => [name, workers[name]]));
    return scope.inTurns(rounds, contenders, async (contender) => {
      await holder.ask("t");
      contender.tell("");
      await scope.sleep(shortest + (longest - shortest) * Math.random());
      const [released, taken] = await Promise.all([holder.ask("r"), contender.answer()]);
      return Number(BigInt(taken) - BigInt(released)) / 1e6;
    });
  };
  const rows = [];
  const compare = (what, late, name, to, other, bounds = {}) => {
    for (const percent of [50, 99]) {
      const about = { what: `${what}, p${percent}`, to, unit: "ms", ...bounds[percent] };
      rows.push(percentileRow(about, percent, late[name], late[other]));
    }
  };
  for (const hold of ["5 ms", "50 ms"]) {
    const late = await lateness(ours, hold, ["c", "async"], 160);
    const bounds = { 50: { figureAtMost: 0.3 } };
    compare(`await acquire, held by ours for ${hold}`, late, "async", "flock(2) in C", "c", bounds);
  }
  const late = await lateness(foreign, "20 to 70 ms", ["c", "async", "sync", "poll"], 320);
  compare("await acquire", late, "async", "flock(2) in C", "c");
  compare("acquireSync", late, "sync", "flock(2) in C", "c");
  compare("await acquire", late, "async", "a poller of 50 ms", "poll");
  return rows;
}
