import { expect, test } from "vitest";
import { prove } from "../../codegen/prove/index.js";
import { BARMAN, specOf } from "./spec.js";

test("Barman's ten kinds have nine overlaps, and each is an inclusion", () => {
  const { problems, overlaps } = prove(BARMAN);
  expect(problems).toEqual([]);
  expect(overlaps.map(({ owner, other, reason }) => [owner, other, reason])).toEqual([
    ["ConfigUpdateLock", "ServerBackupIdLock", "contained"],
    ["ServerBackupSyncLock", "ServerBackupLock", "contained"],
    ["ServerBackupSyncLock", "ServerBackupIdLock", "contained"],
    ["ServerBackupLock", "ServerBackupIdLock", "contained"],
    ["ServerCronLock", "ServerBackupIdLock", "contained"],
    ["ServerWalArchiveLock", "ServerBackupIdLock", "contained"],
    ["ServerWalReceiveLock", "ServerBackupIdLock", "contained"],
    ["ServerWalSyncLock", "ServerBackupIdLock", "contained"],
    ["ServerXLOGDBLock", "ServerBackupIdLock", "contained"],
  ]);
});

test("witnesses are names that a person who runs Barman has seen", () => {
  expect(prove(BARMAN).overlaps.map(({ witness }) => witness)).toEqual([
    ".config-update.lock",
    ".main-20260101T120000-sync-backup.lock",
    ".main-20260101T120000-sync-backup.lock",
    ".main-backup.lock",
    ".main-cron.lock",
    ".main-archive-wal.lock",
    ".main-receive-wal.lock",
    ".main-sync-wal.lock",
    ".main-xlogdb.lock",
  ]);
});

test("the reading order goes from the narrow to the wide, and by name where nothing else decides", () => {
  expect(prove(BARMAN).readingOrder).toEqual([
    "ConfigUpdateLock",
    "GlobalCronLock",
    "ServerBackupSyncLock",
    "ServerBackupLock",
    "ServerCronLock",
    "ServerWalArchiveLock",
    "ServerWalReceiveLock",
    "ServerWalSyncLock",
    "ServerXLOGDBLock",
    "ServerBackupIdLock",
  ]);
});

test("with a backup identifier that may hold anything, Barman's kinds are ambiguous", () => {
  const free = new Map(BARMAN.parameters);
  const backupId = free.get("backupId");
  if (backupId === undefined) throw new Error("Barman's catalogue has a backupId");
  free.set("backupId", { ...backupId, pattern: null });
  const { problems } = prove({ ...BARMAN, parameters: free });
  const first = problems.map(({ message }) => message.split("\n")[0]);
  expect(first).toContain(
    'ServerBackupIdLock reads the name ".pg-main-20260101T120000.lock" in two ways',
  );
  expect(first).toContain(
    'ServerBackupSyncLock reads the name ".pg-main-20260101T120000-sync-backup.lock" in two ways',
  );
});

test.each([
  ["the word before the identifier", (word: string) => `.{server}-${word}-{id}.lock`],
  ["the word after the identifier", (word: string) => `.{server}-{id}-${word}.lock`],
  ["the word alone", (word: string) => `.{server}-${word}.lock`],
])("hundreds of kinds beside two wide ones give two overlaps each: %s", (_, template) => {
  const letters = Array.from("abcdefghijklmnopqrst");
  const kindWords = letters.flatMap((a) => letters.slice(0, 12).map((b) => `job${a}${b}`));
  const { problems, overlaps, readingOrder } = prove(
    specOf(
      { server: null, id: "[^-]+" },
      {
        ...Object.fromEntries(kindWords.map((word) => [`Lock${word}`, template(word)])),
        WideLock: ".{server}-{id}.lock",
        WiderLock: ".{server}.lock",
      },
    ),
  );
  expect(problems).toEqual([]);
  expect(overlaps).toHaveLength(2 * kindWords.length + 1);
  expect(readingOrder.slice(-2)).toEqual(["WideLock", "WiderLock"]);
});
