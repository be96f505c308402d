import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { barman, GlobalCronLock } from "../../generated/index.js";
import { sightingJson, sightingTable } from "../../src/cli/sightings.js";
import { describeHolder } from "../../src/owner/holder.js";
import { describeProcess } from "../../src/owner/process.js";
import { until } from "../support/bounded.js";
import { cli, MAIN, Running } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

describe("who", () => {
  it("gives no time where the PID in the file is not the holder's", async () => {
    const file = join(temporaryDirectory(), ".cron.lock");
    writeFileSync(file, "1\n");
    const flock = spawn("flock", ["-F", "-x", file, "sleep", "60"]);
    onTestFinished(() => void flock.kill("SIGKILL"));
    await until("held", () => spawnSync("flock", ["-n", file, "true"]).status !== 0);
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
    await until("dead", () => dead > 0 && describeProcess(dead).command === null);
    expect(describeProcess(dead)).toEqual({ pid: dead, command: null, started: expect.any(Date) });
  });

  it("is said of a file that cannot be a lock file", () => {
    expect(describeHolder(temporaryDirectory())).toBe("a process that has not left its PID");
  });
});
