// What a lock that somebody holds costs who asks for it, and its holder beside a contender: neither may ask the kernel's
// table, /proc/locks, whose reading costs a grace period of the kernel and stops flock(2) on the whole machine.
import { LockFile } from "lock-catalogue";
import { percentileRow } from "../row.mjs";

export const title = "A lock that is held";
export const reading = "less is better";

export async function answer(scope) {
  const held = scope.file("held.lock");
  const free = scope.file("free.lock");
  const holder = new LockFile(held);
  holder.acquireSync();
  const workers = {};
  for (const way of ["owner", "busy", "table", "release"]) {
    workers[way] = scope.startNode("busy.mjs", [way === "release" ? free : held, way]);
    await workers[way].answer();
  }
  const turns = await scope.inTurns(5, workers, async (worker) =>
    JSON.parse(await worker.ask(String(scope.few(30, 3)))),
  );
  holder.release();
  const took = (way) => turns[way].flat();
  const compare = (what, way) => {
    const about = { what, to: "a reading of /proc/locks", unit: "ms", figureAtMost: 1 };
    return percentileRow(about, 50, took(way), took("table"));
  };
  return [
    compare("getOwnerPid, p50", "owner"),
    compare("acquireSync that says who has it, p50", "busy"),
    compare("release with a contender behind it, p50", "release"),
  ];
}
