import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { breaking } from "../../codegen/index.js";
import type { LockFile } from "../../src/index.js";
import {
  ArchiveLock,
  BackupLock,
  pgbackrest,
} from "../codegen/golden/pgbackrest/generated/index.js";
import { asPostgres, PROGRAMS } from "../postgres/server.js";
import { until, within } from "../support/bounded.js";
import { ROOT } from "../support/root.js";

const hasPgBackRest: boolean =
  PROGRAMS !== null && spawnSync("pgbackrest", ["version"]).status === 0;

/** What pgBackRest says when a lock of it is held: exit status 50. */
const LOCKED = 50;

let folder = "";
const locks = (): string => join(folder, "locks");

/** pgBackRest on a cluster of databases that is not running, as the user postgres. */
function start(...command: readonly string[]): ChildProcess {
  const [program, args] = asPostgres("pgbackrest", [
    "--config=/dev/null",
    "--stanza=main",
    `--pg1-path=${join(folder, "data")}`,
    `--repo1-path=${join(folder, "repository")}`,
    `--lock-path=${locks()}`,
    `--log-path=${join(folder, "log")}`,
    ...command,
  ]);
  const child = spawn(program, args, {
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      process.kill(-child.pid, "SIGKILL");
    }
  });
  return child;
}

/** Makes the file of a lock as pgBackRest does: a file of root would keep it out by its rights. */
function make({ filename }: LockFile): void {
  const [program, args] = asPostgres("touch", [filename]);
  expect(spawnSync(program, args).status).toBe(0);
  onTestFinished(() => rmSync(filename, { force: true }));
}

async function run(...command: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = start(...command);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (said += data));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code: await within(60_000, command.join(" "), ended), said };
}

/** Stops a pgBackRest that has a lock, but not in the middle of its writes: it has the lock before it says so in the file. */
async function stopOutsideOfWrites(pid: number, file: string): Promise<void> {
  const stat = `/proc/${pid}/stat`;
  await until(
    "stopped while its file was whole",
    () => {
      process.kill(pid, "SIGSTOP");
      while (!/\) [tTZX] /u.test(readFileSync(stat, "utf8")));
      try {
        JSON.parse(readFileSync(file, "utf8"));
        return true;
      } catch {
        process.kill(pid, "SIGCONT");
        return false;
      }
    },
    60_000,
  );
}

describe.skipIf(!hasPgBackRest)("beside a real pgBackRest", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lock-catalogue-pgbackrest-"));
    spawnSync("chmod", ["755", folder]);
    for (const name of ["data", "repository", "locks", "log"]) mkdirSync(join(folder, name));
    if (process.getuid?.() === 0) spawnSync("chown", ["-R", "postgres:postgres", folder]);
    const [program, args] = asPostgres(join(PROGRAMS ?? "", "initdb"), [
      ...["-D", join(folder, "data"), "--no-sync", "-E", "UTF8", "--locale=C"],
    ]);
    expect(spawnSync(program, args, { cwd: "/" }).status).toBe(0);
    // So much that a backup takes a second or two.
    const big = join(folder, "data", "big");
    writeFileSync(big, randomBytes(2 ** 26));
    if (process.getuid?.() === 0) spawnSync("chown", ["postgres", big]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("our locks keep its commands out, and its file stays as it is", async () => {
    expect((await run("--no-online", "stanza-create")).code).toBe(0);
    using backup = new BackupLock(locks(), "main");
    make(backup);
    backup.acquireSync();
    const refused = await run("--no-online", "--force", "backup");
    expect(refused).toMatchObject({ code: LOCKED });
    expect(refused.said).toContain("is another pgBackRest process running?");
    expect(refused.said).toContain(backup.filename);
    using archive = new ArchiveLock(locks(), "main");
    make(archive);
    archive.acquireSync();
    backup.release();
    // The commands on stanzas take both.
    expect((await run("--no-online", "stanza-upgrade")).code).toBe(LOCKED);
    archive.release();
    expect((await run("--no-online", "stanza-upgrade")).code).toBe(0);
  });

  it("its lock keeps us out, we know its process, and wait until it has ended", async () => {
    const running = start("--no-online", "--force", "backup");
    const lock = new BackupLock(locks(), "main");
    const owner = (): number | null => {
      try {
        return lock.getOwnerPid();
      } catch {
        return null;
      }
    };
    await until("pgBackRest holds its lock", () => owner() !== null, 60_000);
    const pid = owner() ?? 0;
    await stopOutsideOfWrites(pid, lock.filename);
    expect(readFileSync(`/proc/${pid}/comm`, "utf8")).toBe("pgbackrest\n");
    expect(await lock.acquire({ raiseIfFail: false })).toBe(false);
    await expect(lock.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY", holder: { pid } });
    const content = readFileSync(lock.filename, "utf8");
    expect(JSON.parse(content)).toMatchObject({ pid });
    const [seen] = await pgbackrest.scan(locks());
    expect(seen).toMatchObject({ state: "held", lock: { kind: "BackupLock", stanza: "main" } });
    expect(await pgbackrest.sweep(locks())).toMatchObject({ removed: [] });
    expect(readFileSync(lock.filename, "utf8")).toBe(content);
    const waiting = lock.acquire({ timeout: 60_000 });
    process.kill(pid, "SIGCONT");
    expect(await waiting).toBe(true);
    // It removes its file when it has ended: what we have is a new one, and nothing of ours is in it.
    expect(lock.isCurrent()).toBe(true);
    expect(readFileSync(lock.filename, "utf8")).toBe("");
    lock.release();
    rmSync(lock.filename);
    running.kill();
  });
});

it("the names of pgBackRest 2.53 and those before it exclude nobody of the other, and `breaking` says so", () => {
  const { findings } = breaking({
    spec: "test/pgbackrest/per-repository.yaml",
    against: "test/codegen/golden/pgbackrest/locks.yaml",
    cwd: ROOT,
  });
  expect(findings.map(({ rule, kinds, witness }) => [rule, kinds, witness?.name])).toEqual([
    ["template-changed", ["ArchiveLock"], "main-archive.lock"],
    ["template-changed", ["BackupLock"], "main-backup.lock"],
  ]);
});
