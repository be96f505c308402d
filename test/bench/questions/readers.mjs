// What a contender that does not wait is told beside somebody who shares the lock and computes, and after how long; and
// for how long that stops its thread.
import { LockFile } from "lock-catalogue";
import { missingFlock } from "../peers.mjs";
import { missingRow, percentileRow, row } from "../row.mjs";

export const title = "A contender beside readers";
export const reading = "less is better";

export async function answer(scope) {
  const rows = [];
  for (const who of ["a reader of ours", "flock -s"]) {
    const what = `acquire, busy beside ${who} that computes`;
    const to = "acquire beside who holds alone";
    if (who === "flock -s" && missingFlock()) {
      rows.push(missingRow({ what, to }, missingFlock()));
      continue;
    }
    const shared = scope.file(`${who}.lock`);
    const alone = scope.file(`${who}.alone.lock`);
    const holder = new LockFile(alone);
    holder.acquireSync();
    const reader =
      who === "flock -s"
        ? scope.start("flock", ["-F", "-s", shared, "sh", "-c", "echo shares; while :; do :; done"])
        : scope.startNode("readers.mjs", ["share", shared]);
    await reader.answer();
    const workers = {};
    for (const [name, file] of Object.entries({ shared, alone })) {
      workers[name] = scope.startNode("readers.mjs", ["contend", file]);
    }
    const ask = async (worker) => JSON.parse(await worker.ask(String(scope.few(200, 5))));
    const turns = await scope.inTurns(5, workers, ask);
    const told = (name) => turns[name].flatMap(({ told }) => told);
    const stops = (name) => turns[name].map(({ longest }) => longest);
    // flock(1) leaves nothing in the file: the kernel's table has to be read, which takes 5 to 8 ms alone.
    const figureAtMost = who === "flock -s" ? undefined : 5;
    rows.push(
      row({ what, to, unit: "ms", figureAtMost }, told("shared"), told("alone")),
      percentileRow({ what: `${what}, p99`, to, unit: "ms" }, 99, told("shared"), told("alone")),
      row(
        { what: `${what}, longest stop of the thread`, to, unit: "ms" },
        stops("shared"),
        stops("alone"),
      ),
    );
    await Promise.all([reader, ...Object.values(workers)].map((each) => each.end()));
    holder.release();
  }
  return rows;
}
