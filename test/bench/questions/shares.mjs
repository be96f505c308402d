// What 2, 8 and 32 processes get of one lock that all want all the time: how often it is taken, and how evenly.
// Each holds it for 1 ms of work and then leaves it for 1 ms. A share of 1 is an equal one.
import { row } from "../row.mjs";

export const title = "Takes by processes that contend";
export const reading = "more is better; a share of 1 is an equal one";

const SIZES = [2, 8, 32];
const HOLD_NS = 1_000_000;
const PAUSE_NS = 1_000_000;
const HEAD_START_NS = 100_000_000n;

export async function answer(scope) {
  const program = await scope.compile("waits.c");
  const rows = [];
  for (const size of SIZES) {
    const file = scope.file(`${size}.lock`);
    const crewOf = (start) => Array.from({ length: size }, start);
    const crews = {
      c: crewOf(() => scope.start(program, [file, "share"])),
      async: crewOf(() => scope.startNode("waits.mjs", [file, "share", "async"])),
      poll: crewOf(() => scope.startNode("waits.mjs", [file, "share", "poll"])),
    };
    const workers = Object.values(crews).flat();
    for (const worker of workers) await worker.answer();
    const seconds = scope.few(1.2, 0.5);
    const turns = await scope.inTurns(3, crews, (crew) => contend(crew, seconds));
    await Promise.all(workers.map((worker) => worker.end()));

    const rate = (name) => turns[name].map((counts) => sum(counts) / seconds);
    const compare = (to, other) => {
      const note = `shares ${spread(turns.async)}; theirs ${spread(turns[other])}`;
      const about = { what: `${size} processes, await acquire`, to, unit: "/s", note };
      return row(about, rate("async"), rate(other));
    };
    rows.push(compare("flock(2) in C", "c"), compare("pollers of 50 ms", "poll"));
  }
  return rows;
}

/** @returns how often each took the lock, all in the same seconds. */
async function contend(crew, seconds) {
  const start = process.hrtime.bigint() + HEAD_START_NS;
  const end = start + BigInt(seconds * 1e9);
  const line = [start, end, HOLD_NS, PAUSE_NS].join(" ");
  const counts = await Promise.all(crew.map((worker) => worker.ask(line)));
  return counts.map(Number);
}

/** The smallest and the largest share over all turns. */
function spread(turns) {
  const each = turns[0].map((_, i) => sum(turns.map((counts) => counts[i])));
  if (sum(each) === 0) return "of nothing";
  const share = (count) => ((count * each.length) / sum(each)).toFixed(2);
  return `${share(Math.min(...each))}–${share(Math.max(...each))}`;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
