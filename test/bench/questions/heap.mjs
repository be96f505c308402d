// For how long a wait stops the event loop of a process with much memory: it starts a helper, and a start copies the
// page tables of the process, as that of any program from Node.js does.
import { LockFile } from "lock-catalogue";
import { row } from "../row.mjs";

export const title = "A wait in a process with much memory";
export const reading = "less is better";

export async function answer(scope) {
  const file = scope.file("x.lock");
  const holder = new LockFile(file);
  holder.acquireSync();
  const rows = [];
  for (const [size, megabytes] of [
    ["no Buffers", 0],
    ["1 GB of Buffers", scope.few(1_024, 8)],
    ["4 GB of Buffers", scope.few(4_096, 16)],
  ]) {
    const worker = scope.startNode("heap.mjs", [file, String(megabytes)]);
    await worker.answer();
    const ways = { wait: "wait", spawn: "spawn" };
    const stops = await scope.inTurns(9, ways, async (way) => Number(await worker.ask(way)));
    await worker.end();
    const about = {
      what: `await acquire, ${size}, longest stop`,
      to: "a start of `true`",
      unit: "ms",
    };
    rows.push(row(about, stops.wait, stops.spawn));
  }
  holder.release();
  return rows;
}
