import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock } from "../../generated/index.js";
import { LockFile } from "../../src/index.js";
import { until } from "../support/bounded.js";
import { cli, MAIN, Running, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

/** The arguments of a run that holds `main`'s backup lock. */
function backup(directory: string, ...rest: readonly string[]): string[] {
  return ["run", "ServerBackupLock", "--directory", directory, "--server-name", "main", ...rest];
}

describe("lock-catalogue run", () => {
  it("holds the lock while the command runs, and has its streams and its exit code", async () => {
    const directory = temporaryDirectory();
    const lock = new ServerBackupLock(directory, "main");
    const script = "read line; echo out $line; echo err >&2; exit 37";
    const running = startCli(...backup(directory, "--", "sh", "-c", `echo ready $$; ${script}`));
    const [, pid] = (await running.says(/ready (\d+)\n/)) ?? [];
    await until("stamped", () => lock.getOwnerPid() === Number(pid));
    running.child.stdin?.end("hello\n");
    const out = `ready ${pid}\nout hello\n`;
    expect(await running.end()).toEqual({ code: 37, out, err: "err\n" });
    expect(lock.getOwnerPid()).toBe(null);
    // Nobody reads the PID of a command that has ended.
    expect(readFileSync(lock.filename, "latin1").trim()).toBe("");
  });

  it("hands the command its arguments as they are, whatever they look like", async () => {
    const directory = temporaryDirectory();
    const words = ["--directory", "x", "--", "-h", "", "a b", "$HOME", "*"];
    const { code, out } = await cli(...backup(directory, "--", "printf", "%s\\n", ...words));
    expect({ code, out }).toEqual({ code: 0, out: `${words.join("\n")}\n` });
  });

  it.each(["HUP", "INT", "QUIT", "KILL", "PIPE", "TERM", "USR1", "SEGV", "XFSZ"])(
    "ends by SIG%s if that ended the command",
    async (signal) => {
      const directory = temporaryDirectory();
      const running = startCli(...backup(directory, "--", "sh", "-c", `kill -${signal} $$`));
      expect(await running.end()).toEqual({ code: null, out: "", err: "" });
      expect(running.child.signalCode).toBe(`SIG${signal}`);
    },
  );

  it("exits 127 if there is no such command, 126 if it cannot be executed", async () => {
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
    const script = join(directory, "script");
    writeFileSync(script, "#!/nowhere/perl -w\n", { mode: 0o755 });
    expect(await cli(...backup(directory, "--", script))).toEqual({
      code: 126,
      out: "",
      err: `lock-catalogue: cannot run "${script}": its interpreter /nowhere/perl is not there\n`,
    });
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

  it("locks any file with --file, without a catalogue", async () => {
    const file = join(temporaryDirectory(), "any.pid");
    const running = startCli("run", "--file", file, "--", "sh", "-c", "echo $$; read end");
    const [pid] = (await running.says(/\d+/)) ?? [];
    await until("stamped", () => new LockFile(file).getOwnerPid() === Number(pid));
    const busy = await cli("run", "--file", file, "--", "true");
    expect(busy).toEqual({ code: 75, out: "", err: expect.stringContaining(`${file} is held by`) });
    running.child.stdin?.end("end\n");
    expect(await running.end()).toMatchObject({ code: 0 });
    for (const more of [["--directory", "."], ["--catalogue", "x"], ["GlobalCronLock"]]) {
      const wrong = await cli("run", "--file", file, ...more, "--", "true");
      expect(wrong).toMatchObject({ code: 125, out: "" });
    }
  });

  it("creates the lock file with the permissions of --mode, whatever the umask, and leaves one that exists", async () => {
    const directory = temporaryDirectory();
    const masked = 'umask 077; exec "$0" "$@"';
    const command = [process.execPath, MAIN, ...backup(directory, "--mode", "0660", "--", "true")];
    expect(await new Running("sh", ["-c", masked, ...command]).end()).toMatchObject({ code: 0 });
    const file = join(directory, ".main-backup.lock");
    expect(statSync(file).mode & 0o777).toBe(0o660);
    expect(await cli(...backup(directory, "--mode", "600", "--", "true"))).toMatchObject({
      code: 0,
    });
    expect(statSync(file).mode & 0o777).toBe(0o660);
  });

  it("passes descriptors from 3 up on, and leaves the output of the command blocking", async () => {
    const directory = temporaryDirectory();
    const script = "head -n 1 <&5; echo seven >&7; grep flags /proc/self/fdinfo/1 >&2";
    writeFileSync(join(directory, "five"), "five\n");
    const outer = `exec 5<five 7>seven; exec "$0" "$@" | cat`;
    const command = [process.execPath, MAIN, ...backup(directory, "--", "sh", "-c", script)];
    const running = new Running("sh", ["-c", outer, ...command], { cwd: directory });
    const { code, out, err } = await running.end();
    expect({ code, out }).toEqual({ code: 0, out: "five\n" });
    expect(readFileSync(join(directory, "seven"), "utf8")).toBe("seven\n");
    // O_NONBLOCK is 04000.
    expect(Number.parseInt(/flags:\t(\d+)/.exec(err)?.[1] ?? "", 8) & 0o4000).toBe(0);
  });

  it("refuses bytes that are not UTF-8, in arguments and in the environment", async () => {
    const directory = temporaryDirectory();
    const command = [process.execPath, MAIN, ...backup(directory)];
    for (const [script, fault] of [
      [`exec "$@" -- echo "$(printf 'a\\377b')"`, 'argument "a\\xffb" is not UTF-8'],
      [`exec "$@" --server-name "$(printf '\\351')" -- echo`, 'argument "\\xe9" is not UTF-8'],
      [`X=$(printf '\\377') exec "$@" -- echo`, 'environment variable "X=\\xff" is not UTF-8'],
    ] as const) {
      const { code, out, err } = await new Running("sh", ["-c", script, "sh", ...command]).end();
      expect({ code, out, err }).toEqual({
        code: 125,
        out: "",
        err: expect.stringContaining(fault),
      });
    }
    expect(readdirSync(directory)).toEqual([]);
    // U+FFFD itself may be given.
    expect(await cli(...backup(directory, "--", "printf", "\ufffd"))).toMatchObject({
      out: "\ufffd",
    });
  });
});

const canMount = spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/tmp"]).status === 0;

const canMakeImmutable = (() => {
  const directory = mkdtempSync(join(tmpdir(), "lock-catalogue-"));
  const can = spawnSync("chattr", ["+i", directory]).status === 0;
  if (can) spawnSync("chattr", ["-i", directory]);
  rmdirSync(directory);
  return can;
})();

describe("lock-catalogue run, used wrongly,", () => {
  it.each([
    [
      "a misspelt kind",
      ["ServerBakupLock"],
      "unknown kind 'ServerBakupLock' in Barman's catalogue (there is no ./locks.yaml); --catalogue names another\n" +
        "(Did you mean ServerBackupLock?)",
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
    ["impossible permissions", ["GlobalCronLock", "--mode", "rw-rw----"], "three octal digits"],
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

  it.skipIf(!canMakeImmutable)(
    "names the remedy for a file that not even root may write",
    async () => {
      const directory = temporaryDirectory();
      const file = join(directory, ".cron.lock");
      writeFileSync(file, "");
      expect(spawnSync("chattr", ["+i", file]).status).toBe(0);
      onTestFinished(() => void spawnSync("chattr", ["-i", file]));
      const args = ["GlobalCronLock", "--directory", directory, "--", "true"];
      const { code, err } = await cli("run", ...args);
      expect(code).toBe(125);
      expect(err).toContain("(EPERM). The file or its directory is immutable, even for root");
    },
  );

  it.skipIf(!canMount)("names the remedy for a file system that is read-only", async () => {
    const directory = temporaryDirectory();
    const mount = `mount -t tmpfs -o ro none "${directory}" && exec "$0" "$@"`;
    const args = [MAIN, "run", "GlobalCronLock", "--directory", directory, "--", "true"];
    const command = ["-m", "sh", "-c", mount, process.execPath, ...args];
    const { code, err } = await new Running("unshare", command).end();
    expect(code).toBe(125);
    expect(err).toContain("(EROFS). The file system is mounted read-only");
  });

  it("exits 125 if what is at the path is not a lock file", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, ".cron.lock"));
    const { code, err } = await cli(
      ...["run", "GlobalCronLock", "--directory", directory, "--", "true"],
    );
    expect(code).toBe(125);
    expect(err).toContain("is a directory");
  });
});
