// How many names a second are read: by `barman.identify`, and by one class, beside the bare regular expressions of the
// same kinds. Barman reads the names of one kind only, ServerWalReceiveLock; its other classes have no pattern.
import { writeFileSync } from "node:fs";
import { missingModule, PYTHON } from "../peers.mjs";
import { missingRow, row } from "../row.mjs";
import { programPath } from "../scope.mjs";

export const title = "Names read a second";
export const reading = "more is better";

/** What is read, with which class or with all, and the file name of the i-th. */
const READINGS = [
  ["identify, all kinds in turn", "all", (i) => ONE_OF_EACH[i % ONE_OF_EACH.length](i)],
  ["identify, the kind tried last", "all", (i) => `.main-backup-id${i}.lock`],
  ["identify, no kind", "all", (i) => `pg_wal.${i}.partial`],
  ["ServerWalReceiveLock", "ServerWalReceiveLock", (i) => `.s${i}-receive-wal.lock`],
];
const ONE_OF_EACH = [
  () => ".config-update.lock",
  () => ".cron.lock",
  (i) => `.s${i}-20260101T120000-sync-backup.lock`,
  (i) => `.s${i}-backup.lock`,
  (i) => `.s${i}-cron.lock`,
  (i) => `.s${i}-archive-wal.lock`,
  (i) => `.s${i}-receive-wal.lock`,
  (i) => `.s${i}-sync-wal.lock`,
  (i) => `.s${i}-xlogdb.lock`,
  (i) => `.s${i}-20260101T120000.lock`,
];

export async function answer(scope) {
  const missing = missingModule("barman");
  const rows = [];
  for (const [what, which, nameOf] of READINGS) {
    const file = scope.file(`names-${rows.length}`);
    const paths = Array.from({ length: 20_000 }, (_, i) => `/var/lib/barman/${nameOf(i)}`);
    writeFileSync(file, paths.join("\n"));
    const isBarmans = which !== "all";
    const workers = {
      ours: scope.startNode("names.mjs", ["ours", which]),
      bare: scope.startNode("names.mjs", ["bare", which]),
      ...(isBarmans &&
        !missing && { barman: scope.start(PYTHON, [programPath("names.py"), which]) }),
    };
    const rates = await scope.inTurns(11, workers, async (worker) =>
      Number(await worker.ask(file)),
    );
    for (const worker of Object.values(workers)) await worker.end();

    const unit = "/s";
    rows.push(row({ what, to: "bare regular expressions", unit }, rates.ours, rates.bare));
    const about = { what, to: "Barman", unit };
    if (isBarmans)
      rows.push(missing ? missingRow(about, missing) : row(about, rates.ours, rates.barman));
  }
  return rows;
}
