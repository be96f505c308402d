// npm run bench [-- [--quick] [--charts FOLDER] [QUESTION…]]: puts every question, or those that are named, and prints their answers as
// one Markdown table. Exits with 1 where a question failed or a bound is missed; --quick only tries whether all runs:
// its figures mean nothing, and no bound counts.
// --charts also draws the table, into that folder.
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { writeCharts } from "./draw.mjs";
import { machine } from "./machine.mjs";
import * as busy from "./questions/busy.mjs";
import * as cluster from "./questions/cluster.mjs";
import * as contenders from "./questions/contenders.mjs";
import * as generator from "./questions/generator.mjs";
import * as handover from "./questions/handover.mjs";
import * as heap from "./questions/heap.mjs";
import * as listing from "./questions/listing.mjs";
import * as names from "./questions/names.mjs";
import * as readers from "./questions/readers.mjs";
import * as shares from "./questions/shares.mjs";
import * as startup from "./questions/startup.mjs";
import * as timeouts from "./questions/timeouts.mjs";
import * as uncontended from "./questions/uncontended.mjs";
import * as workers from "./questions/workers.mjs";
import { isMissed } from "./row.mjs";
import { inScope } from "./scope.mjs";
import { markdown } from "./table.mjs";

const questions = {
  uncontended,
  handover,
  shares,
  timeouts,
  busy,
  readers,
  workers,
  heap,
  contenders,
  names,
  generator,
  startup,
  listing,
  cluster,
};

const { quick, charts, chosen } = readArguments();
const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(name, () => interruption.abort(name));
}
const { signal } = interruption;

const groups = [];
for (const name of chosen) {
  if (signal.aborted) break;
  groups.push(await put(name));
}
if (signal.aborted) {
  process.exitCode = 128 + constants.signals[signal.reason];
} else {
  const rough = quick ? " (quick: the figures mean nothing)" : "";
  const table = markdown(groups, { judge: !quick });
  console.log(`${machine()}${rough}\n\n${table}`);
  if (charts !== undefined) writeCharts(charts, table);
  if (groups.some(({ rows }) => rows.some((row) => row.failed || (!quick && isMissed(row))))) {
    process.exitCode = 1;
  }
}

/** One question: what it is, how to read it, and its rows. One that fails has a row that says so, and the others go on. */
async function put(name) {
  const { title, reading, answer } = questions[name];
  const start = performance.now();
  let rows;
  try {
    rows = await inScope({ quick, signal }, answer);
  } catch (error) {
    if (!signal.aborted) console.error(error);
    rows = [{ what: name, note: `FAILED: ${error.message.split("\n")[0]}`, failed: true }];
  }
  console.error(`${name}: ${((performance.now() - start) / 1e3).toFixed(0)} s`);
  return { title, reading, rows };
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { quick: { type: "boolean", default: false }, charts: { type: "string" } },
      allowPositionals: true,
    });
    const unknown = positionals.filter((name) => !Object.hasOwn(questions, name));
    if (unknown.length > 0) throw new Error(`There is no question named ${unknown.join(", ")}.`);
    const all = Object.keys(questions);
    return { ...values, chosen: positionals.length > 0 ? positionals : all };
  } catch (error) {
    console.error(error.message);
    console.error(
      `npm run bench -- [--quick] [--charts FOLDER] [${Object.keys(questions).join("|")}]…`,
    );
    process.exit(2);
  }
}
