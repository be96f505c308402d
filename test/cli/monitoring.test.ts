import { spawnSync } from "node:child_process";
import { chmodSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GlobalCronLock, ServerBackupIdLock, ServerBackupLock } from "../../generated/index.js";
import type { EntryJson } from "../../src/cli/format.js";
import { inChild, nobodyReads } from "../support/child.js";
import { cli, MAIN } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";

const HOURS = 3_600_000;

/** Takes a lock, and makes its file say that it was taken so long ago. */
function heldSince<L extends ServerBackupLock | GlobalCronLock>(lock: L, hours: number): L {
  lock.acquireSync();
  const then = new Date(Date.now() - hours * HOURS);
  utimesSync(lock.filename, then, then);
  return lock;
}

async function list(directory: string, ...flags: readonly string[]): Promise<EntryJson[]> {
  return JSON.parse((await cli("ls", directory, "--format", "json", ...flags)).out);
}

describe("lock-catalogue ls for monitoring", () => {
  it("--held leaves out what is free, and says so if nothing is left", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, ".cron.lock"), "");
    expect(await cli("ls", directory, "--held")).toEqual({
      code: 0,
      out: `No locks are held in ${directory}.\n`,
      err: "",
    });
    using held = new ServerBackupLock(directory, "main");
    held.acquireSync();
    await heldByFlock(join(directory, "shared.lock"), "-s");
    const entries = await list(directory, "--held");
    expect(entries.map(({ state }) => state)).toEqual(["held", "shared"]);
  });

  it("--older-than exits 0, 1 and 2 as Nagios reads them, with a first line for it to show", async () => {
    const directory = temporaryDirectory();
    using young = heldSince(new ServerBackupLock(directory, "young"), 5);
    const none = await cli("ls", directory, "--older-than", "6h");
    expect(none).toEqual({
      code: 0,
      out: `No locks are held for longer than 6h in ${directory}.\n`,
      err: "",
    });
    using old = heldSince(new ServerBackupLock(directory, "old"), 7);
    const some = await cli("ls", directory, "--older-than", "6h");
    expect(some.code).toBe(1);
    expect(some.out).toMatch(
      new RegExp(`^1 lock is held for longer than 6h in ${directory}\\.\nKIND .*\n.*=old .*\n$`),
    );
    expect((await cli("ls", directory, "--older-than", "4h")).out).toMatch(/^2 locks are held/);
    expect((await cli("ls", `${directory}/none`, "--older-than", "6h")).code).toBe(2);
    expect((await cli("ls", directory, "--older-than", "6")).code).toBe(2);
    expect([young.held, old.held]).toEqual([true, true]);
  });

  it("counts a lock that left no time as held since its holder was started", async () => {
    const directory = temporaryDirectory();
    await heldByFlock(join(directory, ".cron.lock"));
    expect((await cli("ls", directory, "--older-than", "1h")).code).toBe(0);
    expect((await cli("ls", directory, "--older-than", "0s")).code).toBe(1);
  });

  it("sorts by name, by kind, and by age, the oldest first", async () => {
    const directory = temporaryDirectory();
    using a = heldSince(new ServerBackupLock(directory, "a"), 1);
    using b = heldSince(new ServerBackupLock(directory, "b"), 3);
    using cron = heldSince(new GlobalCronLock(directory), 2);
    writeFileSync(join(directory, "0.lock"), "");
    const names = async (...flags: readonly string[]): Promise<string[]> =>
      (await list(directory, ...flags)).map(({ path }) => path);
    const other = join(directory, "0.lock");
    const [inA, inB, inCron] = [a, b, cron].map(({ filename }) => filename);
    expect(await names()).toEqual([inA, inB, inCron, other]);
    expect(await names("--sort", "kind")).toEqual([inCron, inA, inB, other]);
    expect(await names("--sort", "age")).toEqual([inB, inCron, inA, other]);
    expect((await cli("ls", directory, "--sort", "size")).err).toContain("name, kind, age");
  });

  it("has times that jq reads, and how long a lock is held as a number", async () => {
    const directory = temporaryDirectory();
    using held = heldSince(new ServerBackupLock(directory, "main"), 2);
    const { out } = await cli("ls", directory, "--json");
    const filter = ".[] | [(now - (.since | fromdate)), (.started | fromdate), .heldSeconds]";
    const { stdout, stderr, status } = spawnSync("jq", ["-c", filter], { input: out });
    expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
    const [age, started, heldSeconds] = JSON.parse(String(stdout));
    expect(Math.abs(age - 7200)).toBeLessThan(100);
    expect(Math.abs(heldSeconds - 7200)).toBeLessThan(100);
    expect(started).toBeLessThan(Date.now() / 1000);
    expect(held.held).toBe(true);
  });

  it("--format prometheus prints what a textfile collector takes, whatever the names hold", async () => {
    const directory = temporaryDirectory();
    using held = heldSince(new ServerBackupLock(directory, 'a"b\\c\nd'), 2);
    writeFileSync(join(directory, ".cron.lock"), "");
    const { code, out } = await cli("ls", directory, "--format", "prometheus");
    expect(code).toBe(0);
    const samples = out.split("\n").filter((line) => !line.startsWith("#") && line !== "");
    // The grammar of the text format: a name, labels with three escapes, a number.
    const sample =
      /^[a-z_]+\{(?:[a-zA-Z_]\w*="(?:[^"\\]|\\[\\"n])*",)*[a-zA-Z_]\w*="(?:[^"\\]|\\[\\"n])*"\} -?\d+$/;
    for (const line of samples) expect(line).toMatch(sample);
    const labels = `path="${directory}/.a\\"b\\\\c\\nd-backup.lock",kind="ServerBackupLock",serverName="a\\"b\\\\c\\nd"`;
    expect(samples).toContain(`lock_catalogue_held{${labels}} 1`);
    expect(samples).toContain(
      `lock_catalogue_held{path="${directory}/.cron.lock",kind="GlobalCronLock"} 0`,
    );
    expect(samples.filter((line) => line.startsWith("lock_catalogue_held_seconds"))).toHaveLength(
      1,
    );
    expect(samples.filter((line) => line.startsWith("lock_catalogue_waiters"))).toHaveLength(2);
    for (const name of new Set(samples.map((line) => line.split("{")[0]))) {
      expect(out).toContain(`# TYPE ${name} gauge\n`);
      expect(out).toContain(`# HELP ${name} `);
    }
    expect(held.held).toBe(true);
    const watching = await cli("ls", directory, "--format", "prometheus", "--watch");
    expect(watching).toMatchObject({ code: 2, err: expect.stringContaining("--watch") });
  });

  it.skipIf(!nobodyReads)(
    "tells a user who may not read a file what the kernel tells",
    async () => {
      const directory = temporaryDirectory();
      chmodSync(directory, 0o755);
      using held = new ServerBackupLock(directory, "main");
      held.acquireSync();
      chmodSync(held.filename, 0o600);
      const free = join(directory, ".cron.lock");
      writeFileSync(free, "");
      chmodSync(free, 0);
      const run = (...args: readonly string[]): Promise<{ status: number; stdout: string }> =>
        inChild(
          `const { spawnSync } = await import("node:child_process");
         const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
         tell({ status, stdout });`,
          { args: [MAIN, ...args], ordinaryUser: true },
        );
      const { stdout } = await run("ls", directory, "--json");
      expect(JSON.parse(stdout)).toMatchObject([
        { path: free, state: "unreadable", taker: null, pid: null },
        { path: held.filename, state: "unreadable", taker: process.pid, pid: null },
      ]);
      const who = await run("who", held.filename);
      expect(who.status).toBe(0);
      expect(who.stdout).toContain(`by the kernel's table, PID ${process.pid} (`);
      expect((await run("who", free)).status).toBe(2);
      // That one is held is sure, and that the other may be is no reason to be silent about it.
      expect((await run("ls", directory, "--older-than", "0s")).status).toBe(1);
      held.release();
      expect((await run("ls", directory, "--older-than", "0s")).status).toBe(2);
    },
  );
});

describe("lock-catalogue who", () => {
  it("--free exits 0 if the lock is free, as ExecCondition= of systemd has it", async () => {
    const directory = temporaryDirectory();
    using lock = new GlobalCronLock(directory);
    expect((await cli("who", "--free", lock.filename)).code).toBe(0);
    lock.acquireSync();
    expect((await cli("who", "--free", lock.filename)).code).toBe(1);
    expect((await cli("who", lock.filename)).code).toBe(0);
    lock.release();
    expect((await cli("who", lock.filename, "--free", "--json")).code).toBe(0);
    expect((await cli("who", "--free", join(directory, "no", "x.lock"))).code).toBe(2);
  });

  it("names a lock by its kind and parameters", async () => {
    const directory = temporaryDirectory();
    using lock = new ServerBackupIdLock(directory, "main", "x");
    lock.acquireSync();
    const flags = ["--directory", directory, "--server-name", "main", "--backup-id", "x"];
    const { code, out } = await cli("who", "ServerBackupIdLock", ...flags);
    expect(code).toBe(0);
    expect(out).toContain(`PID ${process.pid} (`);
    const json = await cli("who", "--json", "ServerBackupIdLock", ...flags);
    expect(JSON.parse(json.out)).toMatchObject({ path: lock.filename, pid: process.pid });
    const said = (text: string) => ({ code: 2, out: "", err: expect.stringContaining(text) });
    expect(await cli("who", "GlobalCronLock")).toEqual(said("--directory <dir> is missing"));
    expect(await cli("who", "ServerBackupLock", "--directory", directory)).toEqual(
      said("--server-name <value> is missing"),
    );
    expect(await cli("who", "GlobalCornLock", "--directory", directory)).toEqual(
      said("unknown kind 'GlobalCornLock'"),
    );
    const none = await cli("help", "who", "ServerBackupLock");
    expect(none.out).toContain("--server-name <value>");
  });
});
