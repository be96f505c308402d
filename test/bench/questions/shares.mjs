// What 2, 8 and 32 processes get of one lock that all want all the time: how often it is taken, and how evenly.
// Each holds it for 1 ms of work, three of them for 20, and then leaves it for 1 ms. A share of 1 is an equal one.
// What Node.js could do at most is measured, too: by processes that know whose turn it is, and wake up just that one.
import { row } from "../row.mjs";

export const title = "Takes by processes that contend";
export const reading = "more is better; a share of 1 is an equal one";

/** How many processes, how long (ms) each holds the lock, and how much of flock(2) in C they get done at least. */
const CASES = [
  { size: 2, hold: 1, ratioAtLeast: 0.9 },
  { size: 3, hold: 20, ratioAtLeast: 0.9 },
  { size: 8, hold: 1, ratioAtLeast: 0.8 },
  { size: 32, hold: 1, ratioAtLeast: 0.8 },
];
/** What each gets of an equal share. */
const LEAST_SHARE = 0.7;
const MOST_SHARE = 1.4;
const PAUSE_NS = 1_000_000;
const HEAD_START_NS = 100_000_000n;

export async function answer(scope) {
  const program = await scope.compile("waits.c");
  const rows = [];
  for (const { size, hold, ratioAtLeast } of scope.few(CASES, CASES.slice(0, 2))) {
    const file = scope.file(`${size}.lock`);
    for (let i = 0; i < size; i++) await scope.run("mkfifo", [`${file}.${i}`]);
    const crewOf = (start) => Array.from({ length: size }, start);
    const crews = {
      c: crewOf(() => scope.start(program, [file, "share"])),
      async: crewOf(() => scope.startNode("waits.mjs", [file, "share", "async"])),
      ideal: crewOf((_, i) => scope.startNode("ring.mjs", [file, i, size].map(String))),
      poll: crewOf(() => scope.startNode("waits.mjs", [file, "share", "poll"])),
    };
    const workers = Object.values(crews).flat();
    for (const worker of workers) await worker.answer();
    // So long that chance evens out.
    const seconds = scope.few(size > 8 ? 3 : 1.2, 0.5);
    const turns = await scope.inTurns(3, crews, (crew) => contend(crew, seconds, hold));
    await Promise.all(workers.map((worker) => worker.end()));

    const rate = (name) => turns[name].map((counts) => sum(counts) / seconds);
    const [least, most] = shares(turns.async);
    const compare = (to, other, bounds) => {
      const note = `shares ${inWords(shares(turns.async))}; theirs ${inWords(shares(turns[other]))}`;
      const work = hold === 1 ? "" : `, ${hold} ms of work`;
      const about = {
        what: `${size} processes, await acquire${work}`,
        to,
        unit: "/s",
        note,
        ...bounds,
      };
      return row(about, rate("async"), rate(other));
    };
    const bounds = [
      { of: "shares ", value: least, least: LEAST_SHARE },
      { of: "shares ", value: most, most: MOST_SHARE },
    ];
    rows.push(
      compare("flock(2) in C", "c", { ratioAtLeast, bounds }),
      compare("bare Node.js, woken one by one", "ideal"),
      compare("pollers of 50 ms", "poll"),
    );
  }
  return rows;
}

/** @returns how often each took the lock, all in the same seconds. */
async function contend(crew, seconds, hold) {
  const start = process.hrtime.bigint() + HEAD_START_NS;
  const end = start + BigInt(seconds * 1e9);
  const line = [start, end, hold * 1e6, PAUSE_NS].join(" ");
  const counts = await Promise.all(crew.map((worker) => worker.ask(line)));
  return counts.map(Number);
}

/** @returns the smallest and the largest share over all turns. */
function shares(turns) {
  const each = turns[0].map((_, i) => sum(turns.map((counts) => counts[i])));
  const share = (count) => (count * each.length) / sum(each);
  return [share(Math.min(...each)), share(Math.max(...each))];
}

function inWords(shares) {
  return shares.map((share) => share.toFixed(2)).join("–");
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
