import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock, ServerXLOGDBLock } from "../../generated/index.js";
import { LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { cli, MAIN, Running, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { openFiles } from "../support/open-files.js";
import { waitersOn } from "../support/proc-locks.js";
import { isAlive } from "../support/script.js";

/** The arguments of a run that holds two locks of a directory, the later one first. */
function both(directory: string, ...rest: readonly string[]): string[] {
  const main = ["--server-name", "main"];
  const locks = ["ServerXLOGDBLock", ...main, "+", "ServerBackupLock", ...main];
  return ["run", ...locks, "--directory", directory, ...rest];
}

/** The two locks, in the order in which they are taken. */
function locksOf(directory: string): readonly [ServerBackupLock, ServerXLOGDBLock] {
  return [new ServerBackupLock(directory, "main"), new ServerXLOGDBLock(directory, "main")];
}

/** Which of the files' locks anybody holds, as flock(1) sees it. */
function heldOf(files: readonly string[]): boolean[] {
  return files.map((file) => spawnSync("flock", ["-n", file, "true"]).status !== 0);
}

/** Whether this Node.js can become another program. */
const canBecome = "execve" in process;

const SLEEPS = ["sh", "-c", "echo pid $$; exec sleep 60"];

describe("lock-catalogue run with several locks", () => {
  it("holds all while the command runs, which inherits them and is the one in each file", async () => {
    const directory = temporaryDirectory();
    const files = locksOf(directory).map(({ filename }) => filename);
    const script = 'echo "$LOCK_CATALOGUE_HELD"; echo pid $$; read line; exit 7';
    const running = startCli(...both(directory, "--", "sh", "-c", script));
    const pid = Number((await running.says(/pid (\d+)\n/))?.[1]);
    await until("stamped", () =>
      files.every((file) => readFileSync(file, "latin1") === `${pid}\n`),
    );
    expect(heldOf(files)).toEqual([true, true]);
    expect([...openFiles(pid).values()]).toEqual(expect.arrayContaining(files));
    const [first, second] = files;
    expect(running.out).toBe(`${running.pid}:${second}\n${running.pid}:${first}\npid ${pid}\n`);
    const entries: unknown = JSON.parse((await cli("ls", directory, "--json")).out);
    const command = expect.stringContaining("read line");
    expect(entries).toMatchObject(files.map((path) => ({ path, state: "held", pid, command })));
    for (const file of files) {
      expect((await cli("who", file)).out).toMatch(new RegExp(`^PID ${pid} \\(sh -c `));
    }
    running.child.stdin?.end("\n");
    expect(await running.end()).toMatchObject({ code: 7, err: "" });
    expect(heldOf(files)).toEqual([false, false]);
    expect(files.map((file) => readFileSync(file, "latin1").trim())).toEqual(["", ""]);
  });

  it.each([0, 1])(
    "starts nothing if lock %i is busy, and says which and who has it",
    async (at) => {
      const directory = temporaryDirectory();
      const files = locksOf(directory).map(({ filename }) => filename);
      const flock = await heldByFlock(String(files[at]));
      const told = (said: string): string =>
        `lock-catalogue: ${locksOf(directory)[at]} is ${said}: ${files[at]} is held by PID ${flock.pid} (sleep 60). `;
      const busy = await cli(...both(directory, "--no-wait", "--", "echo", "ran"));
      expect(busy).toMatchObject({ code: 75, out: "" });
      expect(busy.err).toContain(told("busy"));
      const late = await cli(...both(directory, "--timeout", "200ms", "--", "echo", "ran"));
      expect(late).toMatchObject({ code: 75, out: "" });
      expect(late.err).toContain(told("still busy after 200ms"));
      const quiet = ["--no-wait", "--quiet", "--conflict-exit-code", "3", "--", "echo", "ran"];
      expect(await cli(...both(directory, ...quiet))).toEqual({ code: 3, out: "", err: "" });
      expect(heldOf(files)).toEqual([at === 0, at === 1]);
    },
  );

  it("waits for each with --wait, tells for which, and gives all back when a signal ends it", async () => {
    const directory = temporaryDirectory();
    const [backup, xlogdb] = locksOf(directory);
    await heldByFlock(xlogdb.filename);
    const running = startCli(...both(directory, "--wait", "--verbose", "--", "echo", "ran"));
    await until("told", () => running.err.includes(`waiting for ${xlogdb}: held by PID`));
    await until("queued", () => waitersOn(xlogdb.filename)?.length === 1);
    expect(heldOf([backup.filename])).toEqual([true]);
    running.child.kill("SIGTERM");
    expect(await running.end()).toMatchObject({ code: null, out: "" });
    expect(running.child.signalCode).toBe("SIGTERM");
    expect(heldOf([backup.filename])).toEqual([false]);
  });

  it("leaves all to the command if it is killed", async () => {
    const directory = temporaryDirectory();
    const files = locksOf(directory).map(({ filename }) => filename);
    const running = startCli(...both(directory, "--", ...SLEEPS));
    const pid = Number((await running.says(/pid (\d+)\n/))?.[1]);
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, "SIGKILL");
    });
    const isStamped = (file: string): boolean => readFileSync(file, "latin1") === `${pid}\n`;
    await until("stamped", () => files.every(isStamped));
    const ended = new Promise((resolve) => running.child.once("exit", resolve));
    running.child.kill("SIGKILL");
    await ended;
    expect(heldOf(files)).toEqual([true, true]);
    expect(locksOf(directory).map((lock) => lock.getOwnerPid())).toEqual([pid, pid]);
    process.kill(pid, "SIGKILL");
    await until("free", () => !heldOf(files).includes(true));
  });

  it("keeps all to itself with --close", async () => {
    const directory = temporaryDirectory();
    const script = "ls -l /proc/$$/fd";
    const { code, out } = await cli(...both(directory, "--close", "--", "sh", "-c", script));
    expect(code).toBe(0);
    expect(out).not.toContain(directory);
    expect(readdirSync(directory)).toEqual([".main-backup.lock", ".main-xlogdb.lock"]);
  });

  it.skipIf(!canBecome)("leaves all to what it becomes with --no-fork", async () => {
    const directory = temporaryDirectory();
    const running = startCli(...both(directory, "--no-fork", "--", ...SLEEPS));
    await running.says(`pid ${running.pid}\n`);
    const files = locksOf(directory).map(({ filename }) => filename);
    expect(heldOf(files)).toEqual([true, true]);
    expect(locksOf(directory).map((lock) => lock.getOwnerPid())).toEqual([
      ...[running.pid, running.pid],
    ]);
  });

  it("refuses a lock that the run has of which it is a part, whichever of several it is", async () => {
    const directory = temporaryDirectory();
    const inner = (kind: string): string =>
      `${process.execPath} ${MAIN} run ${kind} --directory ${directory} --server-name main -- true; echo $?`;
    const script = [inner("ServerBackupLock"), inner("ServerXLOGDBLock"), inner("ServerCronLock")];
    const { out, err } = await cli(...both(directory, "--", "sh", "-c", script.join("\n")));
    expect(out).toBe("75\n125\n0\n");
    expect(err.match(/is held by the run that this one is part of/g)).toHaveLength(2);
  });

  it("takes a file once, by whatever path", async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "real"));
    symlinkSync(join(root, "real"), join(root, "link"));
    const files = ["real", "link", "real"].map((name) => join(root, name, "x"));
    const locks = files.flatMap((file, at) => [...(at === 0 ? [] : ["+"]), "--file", file]);
    const running = await cli("run", ...locks, "--wait", "--", "printenv", "LOCK_CATALOGUE_HELD");
    expect(running).toMatchObject({ code: 0, err: "" });
    expect(running.out).toMatch(/^\d+:.*\/x\n$/);
    expect(heldOf(files)).toEqual([false, false, false]);
  });

  it("takes each lock from its own flags, and a value that is a + behind an equals sign", async () => {
    const [near, far] = [temporaryDirectory(), temporaryDirectory()];
    const { code, err } = await cli(
      ...["run", "ServerBackupIdLock", "--backup-id", "x", "--server-name=+", "--directory", near],
      ...["+", "ServerBackupLock", "--directory", far, "--server-name", "b"],
      ...["+", "ServerBackupLock", "--server-name", "c", "--mode", "0640", "--directory", far],
      ...["--", "true"],
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(readdirSync(near)).toEqual([".+-x.lock"]);
    expect(readdirSync(far)).toEqual([".b-backup.lock", ".c-backup.lock"]);
  });

  it.each([
    ["+ GlobalCronLock", /a \+ stands between two locks/],
    ["GlobalCronLock +", /a \+ stands between two locks/],
    ["GlobalCronLock + + GlobalCronLock", /a \+ stands between two locks/],
    ["GlobalCronLock + ServerBakupLock", /unknown kind 'ServerBakupLock'[\s\S]*ServerBackupLock/],
    ["GlobalCronLock + ServerBackupLock", /--server-name <value> is missing/],
    ["ServerCronLock + ServerBackupLock --server-name x", /--server-name <value> is missing/],
    ["ServerCronLock --server-name + GlobalCronLock", /--server-name <value>' argument missing/],
    ["GlobalCronLock + ConfigUpdateLock more", /the command comes after --, not before: more/],
  ])("starts nothing, and locks nothing, if it is called wrongly: %s", async (words, said) => {
    const directory = temporaryDirectory();
    const args = ["run", ...words.split(" "), "--directory", directory, "--", "echo", "ran"];
    const { code, out, err } = await cli(...args);
    expect({ code, out }).toEqual({ code: 125, out: "" });
    expect(err).toMatch(said);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("never deadlocks beside runs that name the same locks in another order", async () => {
    const directory = temporaryDirectory();
    const log = join(directory, "log");
    const [backup, xlogdb] = ["ServerBackupLock", "ServerXLOGDBLock"];
    const command = (first: string, second: string): string =>
      `${process.execPath} ${MAIN} run ${first} --server-name main + ${second} --server-name main ` +
      `--directory ${directory} --wait -- sh -c 'echo in >>${log}; sleep 0.01; echo out >>${log}'`;
    const rounds = 6;
    const loop = async (one: string): Promise<number | null> => {
      const again = `for round in $(seq ${rounds}); do ${one} || exit; done`;
      return (await new Running("sh", ["-c", again]).end()).code;
    };
    const all = [
      ...[command(backup, xlogdb), command(xlogdb, backup), command(backup, xlogdb)],
    ].map(loop);
    expect(await within(50_000, "all runs", Promise.all(all))).toEqual([0, 0, 0]);
    expect(readFileSync(log, "latin1")).toBe("in\nout\n".repeat(3 * rounds));
  });

  it("leaves nothing held of a lock of any file", async () => {
    const directory = temporaryDirectory();
    const [a, b] = [join(directory, "a"), join(directory, "b")];
    const missing = join(directory, "missing", "c");
    const failed = await cli("run", "--file", a, "+", "--file", missing, "--", "echo", "ran");
    expect(failed).toMatchObject({ code: 125, out: "" });
    expect(failed.err).toContain(`there is no directory ${join(directory, "missing")}`);
    mkdirSync(b);
    const unsafe = await cli("run", "--file", b, "+", "--file", a, "--", "echo", "ran");
    expect(unsafe).toMatchObject({ code: 125, out: "" });
    expect(unsafe.err).toContain(`${b} is a directory`);
    expect(new LockFile(a).getOwnerPid()).toBe(null);
  });
});
