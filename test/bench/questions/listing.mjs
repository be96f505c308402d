// How long the `ls` command takes for 10,000 lock files: free ones and held ones, and how that grows.
import { ServerCronLock } from "lock-catalogue/barman";
import { row } from "../row.mjs";
import { MAIN } from "../scope.mjs";

export const title = "`ls`, the whole command";
export const reading = "less is better";

export async function answer(scope) {
  const held = locksIn(scope.folder("held"), scope.few(10_000, 100));
  const free = locksIn(scope.folder("free"), scope.few(10_000, 100));
  const fewer = locksIn(scope.folder("fewer"), scope.few(1_000, 10));
  const none = locksIn(scope.folder("none"), 0);
  try {
    for (const lock of held.locks) lock.acquireSync();
    // Taking a lock makes its file.
    for (const lock of [...free.locks, ...fewer.locks]) {
      lock.acquireSync();
      lock.release();
    }
    const ways = { none, fewer, free, held };
    const times = await scope.inTurns(5, ways, ({ folder, locks }) =>
      list(scope, folder, locks.length),
    );
    const compare = (what, to, ours, theirs, figureAtMost) =>
      row({ what, to, unit: "ms", figureAtMost }, times[ours], times[theirs]);
    return [
      compare("1,000 free files", "an empty folder", "fewer", "none"),
      compare("10,000 free files", "1,000 free files", "free", "fewer", 2_000),
      compare("10,000 held files", "10,000 free files", "held", "free", 2_000),
    ];
  } finally {
    for (const lock of held.locks) lock.release();
  }
}

function locksIn(folder, files) {
  const locks = Array.from({ length: files }, (_, i) => new ServerCronLock(folder, `s${i}`));
  return { folder, locks };
}

/** ms of the whole command. */
async function list(scope, folder, files) {
  const { stdout, ms } = await scope.run(process.execPath, [MAIN, "ls", folder]);
  const listed = stdout.split("\n").filter((line) => line.startsWith("ServerCronLock")).length;
  if (listed !== files) throw new Error(`${listed} of ${files} files are listed`);
  return ms;
}
