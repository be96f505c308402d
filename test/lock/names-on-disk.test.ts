import { readdirSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  barman,
  ConfigUpdateLock,
  GlobalCronLock,
  type Lock,
  ServerBackupIdLock,
  ServerBackupLock,
  ServerBackupSyncLock,
  ServerCronLock,
  ServerWalArchiveLock,
  ServerWalReceiveLock,
  ServerWalSyncLock,
  ServerXLOGDBLock,
} from "../../generated/index.js";
import { temporaryDirectory } from "../support/directory.js";

/** Which kinds read a name, and the values they find; the first is the one that `identify` gives. */
function readings(name: string): readonly (readonly [kind: string, ...values: string[]])[] {
  const path = join("/locks", name);
  const read = barman.kinds.flatMap((kind) => kind.buildIfMatches(path) ?? []);
  expect(barman.identify(path)?.kind).toBe(read[0]?.kind);
  for (const lock of read) expect(lock.filename).toBe(path);
  return read.map((lock) => [lock.kind, ...valuesOf(lock)]);
}

function valuesOf(lock: Lock): string[] {
  if (!("serverName" in lock)) return [];
  return "backupId" in lock ? [lock.serverName, lock.backupId] : [lock.serverName];
}

const NOBODYS: readonly string[] = [
  ...[".main-backup.lock.bak", ".main-backup.lock~", ".main-backup.lock\n", ".main-backup.LOCK"],
  ...["main-backup.lock", ".main-backup.loc", ".main-backup_lock", " .main-backup.lock"],
  ...[".-backup.lock", ".-cron.lock", ".-.lock", ".main-.lock", ".lock", "-.lock", "lock", ".", ""],
  ...[".cron.lock.", ".config-updatexlock", ".cron.lock\0", ".main\0-backup.lock"],
  ...[".\ud800-backup.lock", ".main-\udc00.lock"],
];

describe("a name on disk", () => {
  it.each(NOBODYS.map((name) => [name]))("%j is nobody's", (name) => {
    expect(readings(name)).toEqual([]);
  });

  it.each([
    [
      "..main-backup.lock",
      ["ServerBackupLock", ".main"],
      ["ServerBackupIdLock", ".main", "backup"],
    ],
    [".main-cron.lock", ["ServerCronLock", "main"], ["ServerBackupIdLock", "main", "cron"]],
    [".cron.lock", ["GlobalCronLock"]],
    ["..cron.lock"],
    [".config-update.lock", ["ConfigUpdateLock"], ["ServerBackupIdLock", "config", "update"]],
    [
      ".pg-main-20260101T120000-sync-backup.lock",
      ["ServerBackupSyncLock", "pg-main", "20260101T120000"],
      ["ServerBackupLock", "pg-main-20260101T120000-sync"],
      ["ServerBackupIdLock", "pg-main-20260101T120000-sync", "backup"],
    ],
    [
      ".a-backup.lock-backup.lock",
      ["ServerBackupLock", "a-backup.lock"],
      ["ServerBackupIdLock", "a-backup.lock", "backup"],
    ],
    [".a-b-c.lock", ["ServerBackupIdLock", "a-b", "c"]],
    [".--x.lock", ["ServerBackupIdLock", "-", "x"]],
    [". - .lock", ["ServerBackupIdLock", " ", " "]],
    [".a\nb-c.lock", ["ServerBackupIdLock", "a\nb", "c"]],
    ["....-x.lock", ["ServerBackupIdLock", "...", "x"]],
  ] as const)("%j is read as it is meant", (name, ...expected) => {
    expect(readings(name)).toEqual(expected);
  });

  it("that is too long to be one is nobody's, and no pattern is made to try", () => {
    const hyphens = "-".repeat(16_000);
    for (const name of [`.${hyphens}.lock`, `.${hyphens}-sync-backup.lock`, hyphens]) {
      expect(readings(name)).toEqual([]);
    }
    expect(readings(`.${"n".repeat(242)}-backup.lock`)[0]?.[0]).toBe("ServerBackupLock");
    expect(readings(`.${"n".repeat(243)}-backup.lock`)).toEqual([]);
    expect(readings(`.${"日".repeat(81)}-backup.lock`)).toEqual([]);
    expect(readings(`.${"-".repeat(249)}.lock`)).toEqual([]);
  });

  it.each([
    [".main-backup.lock", ".main-backup.lock"],
    ["../.main-backup.lock", "../.main-backup.lock"],
    ["./.././..//.main-backup.lock", "../../.main-backup.lock"],
    ["/locks/.main-backup.lock/", "/locks/.main-backup.lock"],
    ["/locks/.main-backup.lock//", "/locks/.main-backup.lock"],
    ["/locks/.main-backup.lock/.", "/locks/.main-backup.lock"],
    ["//locks///.main-backup.lock", "/locks/.main-backup.lock"],
    ["/.main-backup.lock", "/.main-backup.lock"],
    ["/../../.main-backup.lock", "/.main-backup.lock"],
    ["/.main-backup.lock/.main-backup.lock", "/.main-backup.lock/.main-backup.lock"],
  ])("in the path %j is the file %j", (path, file) => {
    const lock = ServerBackupLock.buildIfMatches(path);
    expect(lock?.filename).toBe(resolve(file));
    expect(lock?.serverName).toBe("main");
  });

  // If `a` is a link, the directory above its target is another than the one that holds the link.
  it.each(["a/../.main-backup.lock", "./a//.././.main-backup.lock"])(
    "in the path %j is where the kernel goes",
    (path) => {
      const lock = ServerBackupLock.buildIfMatches(path);
      expect(lock?.filename).toBe(`${process.cwd()}/a/../.main-backup.lock`);
      expect(lock?.serverName).toBe("main");
    },
  );

  it.each(["/locks/.main-backup.lock/..", "/.main-backup.lock/x", "", "/", ".", ".."])(
    "that is only a directory of the path %j is not read",
    (path) => {
      expect(barman.identify(path)).toBe(null);
    },
  );

  it("that is not UTF-8 is not the file of the lock that its text names", () => {
    const directory = temporaryDirectory();
    const raw = Buffer.concat([Buffer.from(`${directory}/.`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(Buffer.concat([raw, Buffer.from("-backup.lock")]), "not ours");
    const [text = ""] = readdirSync(directory);
    const lock = barman.identify(join(directory, text));
    expect(lock).toMatchObject({ kind: "ServerBackupLock", serverName: "\ufffd\ufffd" });
    expect(lock?.acquireSync()).toBe(true);
    expect(readdirSync(directory, "buffer")).toHaveLength(2);
    lock?.release();
  });
});

const SEED = 20260101;
const RUNS = { seed: SEED, numRuns: 2_000 };

/** Parts of names of this catalogue, which make its kinds meet, among any characters at all. */
const piece = fc.oneof(
  fc.constantFrom("-", ".", "sync", "backup", "cron", "wal", "-sync-backup", ".lock", "xlogdb"),
  fc.string({ unit: "binary", maxLength: 3 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 }),
);
const text = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
const serverName = text.filter((value) => /^[^/\0]{1,60}$/u.test(value));
const backupId = text
  .map((value) => value.replaceAll("-", ""))
  .filter((value) => /^[^/\0-]{1,60}$/u.test(value));
const directory = fc.constantFrom("/locks", "/", "relative", "../up", "/a//b/./c/..");

const BUILDERS: readonly ((directory: string, server: string, backup: string) => Lock)[] = [
  (d) => new ConfigUpdateLock(d),
  (d) => new GlobalCronLock(d),
  (d, s) => new ServerBackupLock(d, s),
  (d, s) => new ServerCronLock(d, s),
  (d, s) => new ServerWalArchiveLock(d, s),
  (d, s) => new ServerWalReceiveLock(d, s),
  (d, s) => new ServerWalSyncLock(d, s),
  (d, s) => new ServerXLOGDBLock(d, s),
  (d, s, b) => new ServerBackupIdLock(d, s, b),
  (d, s, b) => new ServerBackupSyncLock(d, s, b),
];

describe("for any values at all", () => {
  it("the kind that made a name reads the same values from it, and identify its file", () => {
    const built = new Set<string>();
    const owned = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom(...BUILDERS),
        directory,
        serverName,
        backupId,
        (build, ...args) => {
          const lock = build(...args);
          built.add(lock.kind);
          const kind = barman.kinds.find((each) => nameOf(each) === lock.kind);
          const read = kind?.buildIfMatches(lock.filename);
          expect(read?.filename).toBe(lock.filename);
          expect(read && valuesOf(read)).toEqual(valuesOf(lock));
          const owner = barman.identify(lock.filename);
          expect(owner?.filename).toBe(lock.filename);
          if (owner?.kind !== lock.kind) return;
          expect(valuesOf(owner)).toEqual(valuesOf(lock));
          owned.add(lock.kind);
        },
      ),
      RUNS,
    );
    // Every kind owned some of the names that it made, so that the claim is about every kind.
    expect([...owned].sort()).toEqual([...built].sort());
    expect(built.size).toBe(BUILDERS.length);
  });

  it("whatever reads a path has exactly that path as its file, and makes it from its values", () => {
    let read = 0;
    const frame = fc.tuple(directory, text).map(([d, t]) => `${d}/.${t}.lock`);
    fc.assert(
      fc.property(fc.oneof(frame, text, fc.string({ unit: "binary" })), (path) => {
        for (const kind of barman.kinds) {
          const lock = kind.buildIfMatches(path);
          if (lock === null) continue;
          read++;
          expect(lock.kind).toBe(nameOf(kind));
          if (!/[^/.][^/]*\/.*\.\./su.test(path)) expect(lock.filename).toBe(resolve(path));
          const name = (kind.TEMPLATE ?? "").replace(/\{(\w+)\}/g, (_, p) => Reflect.get(lock, p));
          expect(name).toBe(basename(lock.filename));
        }
      }),
      RUNS,
    );
    expect(read).toBeGreaterThan(100);
  });
});

/** The kinds of a catalogue are classes, and the class is named as the kind. */
function nameOf(kind: object): string {
  return String(Reflect.get(kind, "name"));
}
