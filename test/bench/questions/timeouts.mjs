// How late waits end whose time is over, and for how long they stop the event loop of their process meanwhile: many
// waits at once, on a file each and on one file, on an idle machine and beside four processes that compute.
import { join } from "node:path";
import { LockFile } from "lock-catalogue";
import { percentileRow, row } from "../row.mjs";

export const title = "Timeouts of many waits";
export const reading = "less is better";

const CASES = [
  { what: "300 waits of 300 ms, a file each", waits: 300, files: 300, busy: 0 },
  {
    what: "300 waits of 300 ms with `onWait`, a lock held",
    waits: 300,
    files: 300,
    busy: 0,
    own: 1,
  },
  { what: "1,000 waits of 300 ms, a file each", waits: 1_000, files: 1_000, busy: 0 },
  { what: "1,000 waits of 300 ms on one file", waits: 1_000, files: 1, busy: 0 },
  {
    what: "1,000 waits of 300 ms on one file, beside 4 busy processes",
    waits: 1_000,
    files: 1,
    busy: 4,
  },
];
const TIMEOUT_MS = 300;
/** The bounds. */
const LATE_MS = 50;
const STOP_MS = 20;
const SPIN = "for (;;);";

export async function answer(scope) {
  const rows = [];
  for (const [i, { what, waits, files, busy, own = 0 }] of CASES.entries()) {
    const folder = scope.folder(`timeouts-${i}`);
    const locks = Array.from({ length: files }, (_, i) => new LockFile(join(folder, `${i}.lock`)));
    for (const lock of locks) lock.acquireSync();
    const spinners = Array.from({ length: busy }, () =>
      scope.start(process.execPath, ["-e", SPIN]),
    );
    const workers = {};
    for (const way of ["ours", "timers"]) {
      const args = [way, folder, waits, files, TIMEOUT_MS, own].map(String);
      workers[way] = scope.startNode("timeouts.mjs", args);
      await workers[way].answer();
    }
    const ask = async (way) => JSON.parse(await way.ask("go"));
    const turns = await scope.inTurns(5, workers, ask);
    const late = (name) => turns[name].flatMap(({ late }) => late);
    const longest = (name) => turns[name].map(({ longest }) => longest);
    const to = "timers of Node.js";
    rows.push(
      percentileRow(
        { what: `${what}, late, p99`, to, unit: "ms", figureAtMost: LATE_MS },
        99,
        late("ours"),
        late("timers"),
      ),
      row(
        {
          what: `${what}, longest stop`,
          to,
          unit: "ms",
          figureAtMost: STOP_MS,
        },
        longest("ours"),
        longest("timers"),
      ),
    );
    await Promise.all([...Object.values(workers), ...spinners].map((each) => each.end()));
    for (const lock of locks) lock.release();
  }
  return rows;
}
