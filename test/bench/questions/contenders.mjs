// What 1 to 10,000 contenders of one process cost while another process holds what they wait for: their time from the
// first call to the last release, without the time in which nothing can happen; the memory of their waits; and the
// helpers, processes that wait in the kernel's queue for them. Each size is a process of its own.
import { join } from "node:path";
import { LockFile } from "lock-catalogue";
import { digits, median, row } from "../row.mjs";

export const title = "Contenders in one process, time for each";
export const reading = "less is better; 1 is linear growth";

const SIZES = [
  { contenders: 1, files: 1 },
  { contenders: 100, files: 1 },
  { contenders: 1_000, files: 1 },
  { contenders: 10_000, files: 1 },
  { contenders: 100, files: 100 },
];

export async function answer(scope) {
  let folders = 0;
  const turns = await scope.inTurns(3, SIZES, (size) =>
    measure(scope, scope.folder(`contenders-${folders++}`), size),
  );
  const each = (i) => turns[i].map(({ time }) => time / SIZES[i].contenders);
  return SIZES.map((size, i) => {
    const before = size.files === 1 ? i - 1 : 1;
    const about = { what: nameOf(size), unit: "µs", note: costOf(turns[i], size) };
    if (i > 0) return row({ ...about, to: nameOf(SIZES[before]) }, each(i), each(before));
    const uncontended = turns[i].map((turn) => turn.uncontended);
    return row({ ...about, to: "uncontended" }, each(i), uncontended);
  });
}

/** Holds the locks while a process of its own sets out to wait for them, then gives them back. Times are in µs. */
async function measure(scope, folder, { contenders, files }) {
  const locks = Array.from({ length: files }, (_, i) => new LockFile(join(folder, `${i}.lock`)));
  for (const lock of locks) lock.acquireSync();
  try {
    const settle = scope.few(800, 300);
    const args = [folder, contenders, files, settle].map(String);
    const worker = scope.startNode("contend.mjs", args, ["--expose-gc"]);
    const { asked, ...figures } = JSON.parse(await worker.answer());
    const released = process.hrtime.bigint();
    for (const lock of locks) lock.release();
    const last = BigInt(await worker.answer());
    await worker.end();
    return { ...figures, time: asked * 1e3 + Number(last - released) / 1e3 };
  } finally {
    for (const lock of locks) lock.release();
  }
}

function nameOf({ contenders, files }) {
  const who = contenders === 1 ? "1 contender" : `${contenders.toLocaleString("en")} contenders`;
  return files === 1 ? who : `${who}, a file each`;
}

function costOf(turns, { contenders }) {
  const middle = (key) => median(turns.map((turn) => turn[key]));
  const helpers = middle("helpers");
  const heap = `${digits(middle("heap") / contenders / 1e3)} kB of heap each`;
  return `${helpers} ${helpers === 1 ? "helper" : "helpers"}, ${contenders === 1 ? "" : `${heap}, `}+${digits(middle("resident") / 1e6)} MB in all`;
}
