import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { barman, GlobalCronLock } from "../../generated/index.js";
import { glanceAt } from "../../src/catalogue/glance.js";
import { nameProcess, sightingJson, sightingTable } from "../../src/cli/sightings.js";
import { describeHolder } from "../../src/owner/holder.js";
import { describeProcess } from "../../src/owner/process.js";
import { inChild, nobodyReads } from "../lock/child.js";
import { until } from "../support/bounded.js";
import { cli, cliIn, MAIN, Running, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";

const ROOT = join(import.meta.dirname, "../..");

describe("who", () => {
  it("gives no time where the PID in the file is not the holder's", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    writeFileSync(file, "1\n");
    const flock = await heldByFlock(file);
    expect(await cli("who", file)).toEqual({
      code: 0,
      err: "",
      out: `PID ${flock.pid} (sleep 60) holds GlobalCronLock.\n`,
    });
  });

  it("names nobody where the process that took the lock has handed it on and gone", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    // flock(1) passes its descriptor on, and is killed.
    const script = "kill -KILL $PPID; echo $$; exec sleep 60";
    const flock = spawn("flock", ["-x", file, "sh", "-c", script]);
    let heir = 0;
    flock.stdout.on("data", (text) => {
      heir = Number(text);
    });
    await until(
      "handed on",
      () => heir > 0 && flock.exitCode === null && flock.signalCode !== null,
    );
    onTestFinished(() => void process.kill(heir, "SIGKILL"));
    expect(await cli("who", file)).toEqual({
      code: 0,
      err: "",
      out: "Somebody holds GlobalCronLock, and the file does not say who.\n",
    });
  });
});

describe("ls --watch", () => {
  it("prints nothing while nothing changes", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, ".cron.lock"), "");
    const watching = startCli("ls", directory, "--watch", "--json");
    await watching.says(/free/u);
    // It looks every second.
    await sleep(1500);
    using lock = new GlobalCronLock(directory);
    lock.acquireSync();
    await watching.says(/held/u);
    watching.child.kill("SIGTERM");
    const { out } = await watching.end();
    expect(out.trimEnd().split("\n")).toHaveLength(2);
  });
});

describe("run", () => {
  it("says of a wait of seconds how long it was", async () => {
    const directory = temporaryDirectory();
    using lock = new GlobalCronLock(directory);
    lock.acquireSync();
    const args = ["GlobalCronLock", "--directory", directory, "--timeout", "1s", "--", "true"];
    const { code, err } = await cli("run", ...args);
    expect(code).toBe(75);
    expect(err).toContain("is still busy after 1s: ");
  });

  it("exits 125 where what stands at the path is no lock file", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, ".cron.lock"));
    const { code, err } = await cli(
      ...["run", "GlobalCronLock", "--directory", directory, "--", "true"],
    );
    expect(code).toBe(125);
    expect(err).toContain("is a directory");
  });
});

describe("the command", () => {
  it("exits 2 where its output cannot be written, and says why", async () => {
    const script = 'exec "$0" "$1" ls "$2" >/dev/full';
    const args = ["-c", script, process.execPath, MAIN, temporaryDirectory()];
    expect(await new Running("sh", args).end()).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(/^lock-catalogue: .*ENOSPC/u),
    });
  });

  it("counts what it found in the singular and in the plural", async () => {
    const cwd = temporaryDirectory();
    const spec = (template: string) =>
      `catalogue: c\noutput: out\nlocks:\n  A:\n    template: ${template}\n    description: D.\n`;
    writeFileSync(join(cwd, "old.yaml"), spec("old"));
    writeFileSync(join(cwd, "new.yaml"), spec("new"));
    writeFileSync(join(cwd, "bad.yaml"), "locks: {}\n");
    const one = await cliIn({ cwd }, "breaking", "new.yaml", "--against", "old.yaml");
    expect(one.out).toContain("1 breaking change against old.yaml.\n");
    const bad = await cliIn({ cwd }, "explain", "bad.yaml");
    expect(bad.err).toContain("bad.yaml has 3 problems.\n");
    writeFileSync(join(cwd, "empty.yaml"), "");
    const empty = await cliIn({ cwd }, "generate", "empty.yaml");
    expect(empty.err).toContain("empty.yaml has 1 problem.\n");
    const stale = await cliIn({ cwd }, "check", "new.yaml");
    expect(stale.out).toContain("Run: npx lock-catalogue generate new.yaml\n");
  });

  it.each([
    ["is broken", "export const = 1;", /SyntaxError/u],
    ["lacks a file", 'import "./gone.js";', /the generator cannot be loaded: Cannot find module /u],
  ])("says of a generator that %s what the loader says", async (_how, text, message) => {
    const home = temporaryDirectory();
    cpSync(join(ROOT, "dist"), join(home, "dist"), { recursive: true });
    cpSync(join(ROOT, "package.json"), join(home, "package.json"));
    symlinkSync(join(ROOT, "node_modules"), join(home, "node_modules"));
    writeFileSync(join(home, "dist/codegen/index.js"), text);
    const main = join(home, "dist/src/cli/main.js");
    const { code, err } = await new Running(process.execPath, [main, "generate"]).end();
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it("says in a directory that is gone what the system says", async () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" generate';
    const cwd = temporaryDirectory();
    const { code, err } = await new Running("sh", ["-c", script, process.execPath, MAIN], {
      cwd,
    }).end();
    expect(code).not.toBe(0);
    expect(err).toContain("ENOENT");
  });
});

describe("what is not known of a lock", () => {
  const path = "/run/.cron.lock";
  const lock = barman.identify(path);
  const taker = { pid: 7, command: "/bin/x", started: null };

  it("is null in JSON and empty in the table", () => {
    const surface = { columns: undefined, colours: false };
    const seen = [
      { path, lock, state: "held by unknown", taker } as const,
      { path, lock, state: "held by unknown", taker: null } as const,
      { path, lock, state: "unsafe", reason: "a directory" } as const,
      {
        path,
        lock,
        state: "held",
        holder: { pid: 8, command: null, started: null },
        since: null,
      } as const,
    ];
    expect(sightingTable(barman, seen, surface).slice(1)).toEqual([
      expect.stringMatching(/^GlobalCronLock +held by unknown +7\? +\/bin\/x$/u),
      expect.stringMatching(/^GlobalCronLock +held by unknown$/u),
      expect.stringMatching(/^GlobalCronLock +unsafe +a directory$/u),
      expect.stringMatching(/^GlobalCronLock +held +8$/u),
    ]);
    expect(nameProcess({ pid: 8, command: null, started: null })).toBe("PID 8");
    expect(seen.map((one) => sightingJson(barman, one))).toMatchObject([
      { taker: 7, pid: null, reason: null },
      { taker: null, pid: null, reason: null },
      { taker: null, pid: null, reason: "a directory" },
      { pid: 8, command: null, started: null, since: null },
    ]);
  });

  it("is null of a process that is gone, and of one that only waits to be buried", async () => {
    const gone = spawnSync("true").pid;
    expect(describeProcess(gone)).toEqual({ pid: gone, command: null, started: null });
    // The shell becomes a program that buries nobody.
    const sleeper = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 60"]);
    onTestFinished(() => void sleeper.kill("SIGKILL"));
    let dead = 0;
    sleeper.stdout.on("data", (text) => {
      dead = Number(text);
    });
    // A process has no command line for a moment in its exec, either.
    await until(
      "a zombie",
      () => dead > 0 && /\) Z /u.test(readFileSync(`/proc/${dead}/stat`, "latin1")),
    );
    expect(describeProcess(dead)).toEqual({ pid: dead, command: null, started: expect.any(Date) });
  });

  it("is what the system says of a path that leads nowhere", () => {
    expect(glanceAt(join(MAIN, "x.lock"))).toMatchObject({
      state: "unreadable",
      reason: expect.stringContaining("ENOTDIR"),
    });
  });

  it.skipIf(!nobodyReads)("is told to a user who may not ask, as far as it goes", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const file = join(directory, ".cron.lock");
    writeFileSync(file, `${spawnSync("true").pid}\n`);
    const flock = await heldByFlock(file);
    chmodSync(file, 0o644);
    writeFileSync(join(directory, ".main-cron.lock"), "", { mode: 0o600 });
    const seen = await inChild(
      `const [directory] = args;
       const owner = new barman.GlobalCronLock(directory).getOwnerPid();
       const { failed, held } = await barman.barman.sweep(directory, { dryRun: true });
       tell({ owner, held: held.length, failed: failed.map(({ error }) => error.message) });`,
      { ordinaryUser: true, args: [directory] },
    );
    expect(seen).toEqual({
      owner: flock.pid,
      held: 1,
      failed: [
        expect.stringMatching(/\.main-cron\.lock cannot be swept: no permission to read it/u),
      ],
    });
  });

  it("is said of a file that cannot be a lock file", () => {
    expect(describeHolder(temporaryDirectory())).toBe("a process that has not left its PID");
  });
});
