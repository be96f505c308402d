import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barman as catalogue } from "../../generated/index.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasBarman, type LockWords, Peer } from "../support/peer.js";

/**
 * The real Barman as a peer: Debian's python3-barman under /usr/bin/python3. Where it is not installed
 * these are skipped, visibly; CI installs it. A Barman that is older than a kind (3.4 has no
 * ConfigUpdateLock) takes that lock through its own base class, by the documented file name.
 */
const SERVERS = [
  ...["main", "pg-main", "a.b.c", "x", "main-db", "Main", "MAIN"],
  ...["main-backup", "x-cron", "a-sync", "a-backup.lock", "config", ".hidden", "..", "-"],
  ...[" blanks ", "tab\there", "line\nbreak", "50%s", "${x}$&", "[a]*?", "(b|c)+", "\\d"],
  ...["__proto__", "constructor", "toString", "é", "e\u0301", "日本語", "🔒", "n".repeat(200)],
];
const BACKUPS = ["20260101T120000", "latest", "x.y", "é", " ", "%d", "🔒", "backup", "cron"];

const VALUES: Readonly<Record<string, readonly string[]>> = {
  serverName: SERVERS,
  backupId: BACKUPS,
};
const SHORT: Readonly<Record<string, string>> = {
  serverName: "pg-main",
  backupId: "20260101T120000",
};

/** Barman's own kinds; whoever adds one of theirs to locks.yaml need not find it in Barman. */
const BARMANS = new Set([
  ...["GlobalCronLock", "ServerBackupLock", "ServerCronLock", "ServerXLOGDBLock"],
  ...["ServerWalArchiveLock", "ServerWalReceiveLock", "ServerBackupIdLock"],
  ...["ServerBackupSyncLock", "ServerWalSyncLock", "ConfigUpdateLock"],
]);

const kinds = catalogue.kinds.flatMap(({ name, TEMPLATE, PARAMETERS }) =>
  BARMANS.has(name)
    ? [{ name, template: String(TEMPLATE), parameters: Object.keys(PARAMETERS) }]
    : [],
);

describe.skipIf(!hasBarman)("a real Barman process", () => {
  let barman: Peer;
  let ours: Peer;
  let barmansKinds: readonly string[];
  beforeAll(async () => {
    barman = Peer.barman({ untilTestFinishes: false });
    ours = Peer.ours({ untilTestFinishes: false });
    barmansKinds = await barman.kinds;
  });
  afterAll(async () => {
    await Promise.all([barman.kill(), ours.kill()]);
  });

  it("knows at least nine of the ten kinds by class, and no kind that we do not", () => {
    expect(kinds).toHaveLength(10);
    const known = kinds.filter(({ name }) => barmansKinds.includes(name));
    expect(known.length).toBeGreaterThanOrEqual(9);
    expect(kinds.map(({ name }) => name)).toEqual(expect.arrayContaining([...barmansKinds]));
  });

  describe.each(kinds)("$name", ({ name, template, parameters }) => {
    /** The same lock in Barman's words: its class, or its base class where it is too old to have it. */
    function inBarman([, directory, ...values]: LockWords): LockWords {
      if (barmansKinds.includes(name)) return [name, directory ?? "", ...values];
      expect(parameters).toEqual([]);
      return [join(directory ?? "", template ?? "")];
    }

    it.each(combinations(parameters))("has the same file name for %j", async (...values) => {
      const words = [name, "/locks", ...values];
      const filename = await ours.call("filename", words);
      expect(filename).toBe(await barman.call("filename", inBarman(words)));
      expect(catalogue.identify(String(filename))?.filename).toBe(filename);
    });

    function lockOf(directory: string): LockWords {
      return [name, directory, ...parameters.map((parameter) => SHORT[parameter] ?? "")];
    }

    it("is busy for Barman while we hold it, and free when we release it", async () => {
      const lock = lockOf(temporaryDirectory());
      expect(await ours.acquire(lock)).toBe(true);
      await expect(barman.acquire(inBarman(lock), { wait: false })).rejects.toMatchObject({
        name: "LockFileBusy",
      });
      expect(await barman.owner(inBarman(lock))).toBe(ours.pid);
      await ours.release(lock);
      expect(await barman.owner(inBarman(lock))).toBe(null);
      expect(await barman.acquire(inBarman(lock), { wait: false })).toBe(true);
      await barman.release(inBarman(lock));
    });

    it("is busy for us while Barman holds it, and free when it releases it", async () => {
      const lock = lockOf(temporaryDirectory());
      expect(await barman.acquire(inBarman(lock))).toBe(true);
      await expect(ours.acquire(lock, { wait: false })).rejects.toMatchObject({
        code: "LOCK_BUSY",
        message: expect.stringContaining(`PID ${barman.pid}`),
      });
      expect(await ours.acquire(lock, { wait: false, raiseIfFail: false })).toBe(false);
      expect(await ours.owner(lock)).toBe(barman.pid);
      await barman.release(inBarman(lock));
      expect(await ours.owner(lock)).toBe(null);
      expect(await ours.acquire(lock, { wait: false })).toBe(true);
      await ours.release(lock);
    });

    it("comes to a waiting Barman when we release it, and to us when Barman does", async () => {
      const lock = lockOf(temporaryDirectory());
      await ours.acquire(lock);
      const barmans = barman.acquire(inBarman(lock), { wait: true });
      await expect(Promise.race([barmans, tick()])).resolves.toBe("not yet");
      await ours.release(lock);
      expect(await barmans).toBe(true);
      const mine = ours.acquire(lock, { wait: true });
      await expect(Promise.race([mine, tick()])).resolves.toBe("not yet");
      await barman.release(inBarman(lock));
      expect(await mine).toBe(true);
      expect(await barman.owner(inBarman(lock))).toBe(ours.pid);
      await ours.release(lock);
    });

    it("leaves the same bytes in the file, whoever holds it", async () => {
      const lock = lockOf(temporaryDirectory());
      const file = String(await ours.call("filename", lock));
      expect(basename(file)).toMatch(/\.lock$/);
      await ours.acquire(lock);
      expect(readFileSync(file, "latin1")).toBe(`${ours.pid}\n`);
      await ours.release(lock);
      await barman.acquire(inBarman(lock));
      expect(readFileSync(file, "latin1")).toBe(`${barman.pid}\n`);
      await barman.release(inBarman(lock));
    });

    it("is free for Barman when we are killed, and for us when Barman is", async () => {
      const lock = lockOf(temporaryDirectory());
      const doomed = Peer.ours();
      await doomed.acquire(lock);
      await doomed.kill("SIGKILL");
      const next = Peer.barman();
      expect(await next.acquire(inBarman(lock), { wait: false })).toBe(true);
      await next.kill("SIGKILL");
      expect(await ours.owner(lock)).toBe(null);
      expect(await ours.acquire(lock, { wait: false })).toBe(true);
      await ours.release(lock);
    });
  });
});

/** Every value of every parameter, the others at their short value. */
function combinations(parameters: readonly string[]): string[][] {
  const rows = parameters.flatMap((varied) =>
    (VALUES[varied] ?? []).map((value) =>
      parameters.map((parameter) => (parameter === varied ? value : (SHORT[parameter] ?? ""))),
    ),
  );
  return rows.length === 0 ? [[]] : rows;
}

function tick(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve("not yet"), 20));
}
