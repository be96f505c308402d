// How many names a second are read: by `barman.identify`, and by one class, beside the bare regular expressions of the
// same kinds in the same order, which neither check a name nor make a lock. Barman itself reads the names of one kind
// only, ServerWalReceiveLock; its other classes have no pattern.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { barman, ServerWalReceiveLock } from "lock-catalogue/barman";
import { hasModule, heading, here, inFolder, median, PYTHON } from "./support.mjs";

const TURNS = 7;
const NAMES = 20_000;

const identify = { read: (path) => barman.identify(path), kinds: barman.kinds };
const receive = {
  read: (path) => ServerWalReceiveLock.buildIfMatches(path),
  kinds: [ServerWalReceiveLock],
  barman: "ServerWalReceiveLock",
};
const rowsOf = [
  ["identify: names of all kinds, in turn", identify, (i) => examples[i % examples.length](i)],
  ["identify: of the kind tried last", identify, (i) => `/var/lib/barman/.main-backup-id${i}.lock`],
  ["identify: of no kind", identify, (i) => `/var/lib/barman/pg_wal.${i}.partial`],
  [
    "ServerWalReceiveLock.buildIfMatches",
    receive,
    (i) => `/var/lib/barman/.s${i}-receive-wal.lock`,
  ],
];
const examples = [
  () => "/var/lib/barman/.config-update.lock",
  () => "/var/lib/barman/.cron.lock",
  (i) => `/var/lib/barman/.s${i}-20260101T120000-sync-backup.lock`,
  (i) => `/var/lib/barman/.s${i}-backup.lock`,
  (i) => `/var/lib/barman/.s${i}-cron.lock`,
  (i) => `/var/lib/barman/.s${i}-archive-wal.lock`,
  (i) => `/var/lib/barman/.s${i}-receive-wal.lock`,
  (i) => `/var/lib/barman/.s${i}-sync-wal.lock`,
  (i) => `/var/lib/barman/.s${i}-xlogdb.lock`,
  (i) => `/var/lib/barman/.s${i}-20260101T120000.lock`,
];

await inFolder(async (directory) => {
  const python = hasModule("barman");
  const file = join(directory, "names");
  const rows = rowsOf.map(([what, reader, nameOf]) => {
    const paths = Array.from({ length: NAMES }, (_, i) => nameOf(i));
    writeFileSync(file, paths.join("\n"));
    const ways = {
      ours: () => perSecond(paths, reader.read),
      bare: () => perSecond(paths, (path) => matchBare(reader.kinds, path)),
      ...(python && reader.barman && { barman: () => readByBarman(file, reader.barman) }),
    };
    for (const way of Object.values(ways)) way();
    const turns = Array.from({ length: TURNS }, () =>
      Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, way()])),
    );
    const ratio = (other) => median(turns.map((turn) => turn.ours / turn[other])).toFixed(2);
    const missing = python ? "–" : "not installed: python3-barman";
    return {
      what,
      "names/s / Barman's": ways.barman ? ratio("barman") : missing,
      "names/s / bare expressions'": ratio("bare"),
      "names/s": Math.round(median(turns.map(({ ours }) => ours))),
    };
  });
  heading(`Names read: ${NAMES} paths, median of ${TURNS} turns`);
  console.table(rows);
});

function perSecond(paths, read) {
  const start = performance.now();
  let found = 0;
  for (const path of paths) if (read(path) !== null) found++;
  const seconds = (performance.now() - start) / 1e3;
  if (found !== 0 && found !== paths.length) throw new Error(`${found} of ${paths.length} read`);
  return paths.length / seconds;
}

function matchBare(kinds, path) {
  const name = basename(path);
  for (const kind of kinds) {
    const match = kind.LOCK_PATTERN.exec(name);
    if (match !== null) return match;
  }
  return null;
}

function readByBarman(file, kind) {
  const { stdout, stderr, status } = spawnSync(PYTHON, [here("identify.py"), file, kind]);
  if (status !== 0) throw new Error(String(stderr));
  return Number(stdout);
}
