import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { until } from "../support/bounded.js";
import { cli, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { openFiles } from "../support/open-files.js";
import { helpersOn } from "../support/script.js";

/** The arguments of a run that holds `main`'s backup lock. */
function backup(directory: string, ...rest: readonly string[]): string[] {
  return ["run", "ServerBackupLock", "--directory", directory, "--server-name", "main", ...rest];
}

describe("lock-catalogue run", () => {
  it("holds the lock while the command runs, gives it the streams, and its exit code back", async () => {
    const directory = temporaryDirectory();
    const lock = new ServerBackupLock(directory, "main");
    const script = "read line; echo out $line; echo err >&2; exit 37";
    const running = startCli(...backup(directory, "--", "sh", "-c", `echo ready; ${script}`));
    await running.says("ready\n");
    expect(lock.getOwnerPid()).toBe(running.pid);
    running.child.stdin?.end("hello\n");
    expect(await running.end()).toEqual({ code: 37, out: "ready\nout hello\n", err: "err\n" });
    expect(lock.getOwnerPid()).toBe(null);
  });

  it("hands the command its arguments as they are, whatever they look like", async () => {
    const directory = temporaryDirectory();
    const words = ["--directory", "x", "--", "-h", "", "a b", "$HOME", "*"];
    const { code, out } = await cli(...backup(directory, "--", "printf", "%s\\n", ...words));
    expect({ code, out }).toEqual({ code: 0, out: `${words.join("\n")}\n` });
  });

  it("gives 128 + n back for a command that a signal ended", async () => {
    const directory = temporaryDirectory();
    for (const [signal, code] of [
      ["KILL", 137],
      ["TERM", 143],
      ["SEGV", 139],
    ] as const) {
      const ending = await cli(...backup(directory, "--", "sh", "-c", `kill -${signal} $$`));
      expect(ending).toEqual({ code, out: "", err: "" });
    }
  });

  it("gives 127 for a command that is not there, 126 for one that cannot be executed", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "text");
    writeFileSync(file, "no program");
    for (const command of ["no-such-command", "/nowhere/at-all", ""]) {
      expect(await cli(...backup(directory, "--", command))).toEqual({
        code: 127,
        out: "",
        err: `lock-catalogue: cannot run "${command}": not found\n`,
      });
    }
    for (const command of [file, directory]) {
      expect(await cli(...backup(directory, "--", command))).toEqual({
        code: 126,
        out: "",
        err: expect.stringContaining("EACCES"),
      });
    }
    expect(new ServerBackupLock(directory, "main").getOwnerPid()).toBe(null);
  });

  it("takes every parameter from a flag, in any order, also a value that looks like a flag", async () => {
    const directory = temporaryDirectory();
    const { code } = await cli(
      ...["run", "ServerBackupIdLock", "--backup-id", "x"],
      ...["--server-name=--wait", `--directory=${directory}`, "--", "true"],
    );
    expect(code).toBe(0);
    expect(readdirSync(directory)).toEqual([".--wait-x.lock"]);
  });

  it("does not let the lock leak into the command or its children, waited for or not", async () => {
    const directory = temporaryDirectory();
    using first = new ServerBackupLock(directory, "main");
    const script = "sleep 60 & echo pids $$ $!; wait";
    for (const waits of [false, true]) {
      if (waits) first.acquireSync();
      const running = startCli(...backup(directory, "--wait", "--", "sh", "-c", script));
      if (waits) await until("it waits", () => helpersOn(first.filename).length > 0);
      first.release();
      const said = await running.says(/pids (\d+) (\d+)/);
      const [, shell = "", sleep = ""] = said ?? [];
      expect([...openFiles(running.pid).values()]).toContain(first.filename);
      for (const pid of [shell, sleep]) {
        expect([...openFiles(pid).values()]).not.toContain(first.filename);
      }
      process.kill(Number(shell), "SIGKILL");
      process.kill(Number(sleep), "SIGKILL");
      expect(await running.end()).toMatchObject({ code: 137 });
    }
  });

  it("is not held any more by what the command leaves running", async () => {
    const directory = temporaryDirectory();
    const { code, out } = await cli(
      ...backup(directory, "--", "sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!"),
    );
    expect(code).toBe(0);
    expect(new ServerBackupLock(directory, "main").getOwnerPid()).toBe(null);
    process.kill(Number(out), "SIGKILL");
  });
});

describe("lock-catalogue run, used wrongly,", () => {
  it.each([
    [
      "a misspelt kind",
      ["ServerBakupLock"],
      "unknown kind 'ServerBakupLock'\n(Did you mean ServerBackupLock?)",
    ],
    [
      "a misspelt parameter",
      ["ServerBackupLock", "--directory", ".", "--servername", "main"],
      "unknown option '--servername'\n(Did you mean --server-name?)",
    ],
    [
      "a misspelt flag",
      ["ServerBackupLock", "--diretory", "."],
      "unknown option '--diretory'\n(Did you mean --directory?)",
    ],
    ["no parameter", ["ServerBackupLock", "--directory", "."], "--server-name <value> is missing"],
    ["no directory", ["GlobalCronLock"], "--directory <dir> is missing"],
    ["no such directory", ["GlobalCronLock", "--directory", "/nowhere"], "no directory /nowhere"],
    [
      "a value with a slash",
      ["ServerCronLock", "--directory", ".", "--server-name", "a/b"],
      'holds a "/"',
    ],
    ["a time without a unit", ["GlobalCronLock", "--timeout", "30"], "500ms, 30s, 5m or 2h"],
    ["a negative time", ["GlobalCronLock", "--timeout", "-1s"], "500ms, 30s, 5m or 2h"],
    ["an impossible exit code", ["GlobalCronLock", "--conflict-exit-code", "256"], "0 to 255"],
    [
      "both --wait and --timeout",
      ["GlobalCronLock", "--wait", "--timeout", "1s"],
      "cannot be used with",
    ],
  ])("%s: says so, starts nothing, and exits 125", async (_, args, message) => {
    const { code, out, err } = await cli("run", ...args, "--", "echo", "never");
    expect({ code, out }).toEqual({ code: 125, out: "" });
    expect(err).toContain(message);
  });

  it("without a command, or with one that does not come after --, exits 125", async () => {
    const args = ["run", "GlobalCronLock", "--directory", temporaryDirectory()];
    expect(await cli(...args)).toMatchObject({
      code: 125,
      err: expect.stringContaining("no command after --"),
    });
    expect(await cli(...args, "--")).toMatchObject({ code: 125 });
    expect(await cli(...args, "echo", "never")).toMatchObject({
      code: 125,
      out: "",
      err: expect.stringContaining("the command comes after --, not before: echo"),
    });
  });

  it("without a kind shows the kinds there are", async () => {
    const { code, out, err } = await cli("run");
    expect({ code, out }).toEqual({ code: 125, out: "" });
    expect(err).toMatch(/Kinds:\n.*ConfigUpdateLock +\.config-update\.lock\n/s);
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
