// What it costs to import the runtime, beside a Node.js process that imports nothing: time from start to end of the
// process, the best of several counts, since whatever else the machine does only ever adds; and its peak of memory.
import { execFileSync } from "node:child_process";
import { heading, here, median, peer } from "./support.mjs";

const TURNS = 21;
const MODULES = [
  "lock-catalogue",
  "lock-catalogue/barman",
  "fs-ext",
  "proper-lockfile",
  "fs-native-extensions",
];

const present = [];
for (const name of MODULES) if ((await peer(name)) !== null) present.push(name);
const runs = new Map(["nothing", ...present].map((name) => [name, []]));
for (let turn = 0; turn < TURNS; turn++) {
  for (const [name, figures] of runs) figures.push(run(name));
}
const empty = summary("nothing");
const rows = ["nothing", ...MODULES].map((name) => {
  if (!runs.has(name)) return { import: name, "time / empty": "not installed" };
  const { ms, mb } = summary(name);
  return {
    import: name,
    "time / empty": (ms / empty.ms).toFixed(2),
    "memory / empty": (mb / empty.mb).toFixed(2),
    "ms more": (ms - empty.ms).toFixed(1),
    "MB more": (mb - empty.mb).toFixed(1),
    ms: ms.toFixed(0),
    MB: mb.toFixed(0),
  };
});
heading(`A process that imports and ends: best time and median memory of ${TURNS} turns`);
console.table(rows);

function summary(name) {
  const figures = runs.get(name);
  return { ms: Math.min(...figures.map(({ ms }) => ms)), mb: median(figures.map(({ mb }) => mb)) };
}

/** A process of its own, and of a file of its own: what this one imports must not be there already. */
function run(name) {
  const start = performance.now();
  const mb = Number(execFileSync(process.execPath, [here("startup-one.mjs"), name]));
  return { ms: performance.now() - start, mb };
}
