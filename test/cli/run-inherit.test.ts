import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { GlobalCronLock } from "../../generated/index.js";
import { until } from "../support/bounded.js";
import { cli, MAIN, Running, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { hasBecome } from "../support/flock.js";
import { openFiles } from "../support/open-files.js";
import { hasBarman, Peer } from "../support/peer.js";
import { helperWaits, isAlive } from "../support/script.js";

/** Whether this Node.js can become another program. */
const canBecome = "execve" in process;

/** The arguments of a run that holds the cron lock of a directory. */
function cron(directory: string, ...rest: readonly string[]): string[] {
  return ["run", "GlobalCronLock", "--directory", directory, ...rest];
}

/** Starts a program that runs a command under a lock, and waits for the PID that the command prints. */
async function started(running: Running): Promise<number> {
  const pid = Number((await running.says(/pid (\d+)\n/))?.[1]);
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });
  return pid;
}

/** The same for a run; until its command's PID is in the file, which may be later than the command's first words. */
async function stamped(running: Running, directory: string): Promise<number> {
  const pid = await started(running);
  const file = join(directory, ".cron.lock");
  await until("stamped", () => readFileSync(file, "latin1") === `${pid}\n`);
  return pid;
}

/** Whether nobody holds the lock of a file, as flock(1) sees it. */
function isFree(file: string): boolean {
  return spawnSync("flock", ["-n", file, "true"]).status === 0;
}

const SLEEPS = ["sh", "-c", "echo pid $$; exec sleep 60"];

describe("the command of lock-catalogue run", () => {
  it.each([
    ["taken at once", false],
    ["waited for", true],
  ])("inherits the lock, %s, and its PID is in the file", async (_, waits) => {
    const directory = temporaryDirectory();
    using lock = new GlobalCronLock(directory);
    if (waits) lock.acquireSync();
    const running = startCli(...cron(directory, "--wait", "--", ...SLEEPS));
    if (waits) await helperWaits(lock.filename);
    lock.release();
    const pid = await stamped(running, directory);
    await hasBecome(pid, "sleep");
    expect([...openFiles(pid).values()]).toContain(lock.filename);
    expect(lock.getOwnerPid()).toBe(pid);
    const [entry] = JSON.parse((await cli("ls", directory, "--json")).out);
    expect(entry).toMatchObject({ state: "held", pid, command: "sleep 60" });
    expect((await cli("who", lock.filename)).out).toMatch(
      new RegExp(`^PID ${pid} \\(sleep 60\\) holds GlobalCronLock, since `),
    );
    expect((await cli(...cron(directory, "--", "true"))).err).toContain(
      `is held by PID ${pid} (sleep 60)`,
    );
  });

  it.skipIf(!hasBarman)("is whom Barman finds in the file", async () => {
    const directory = temporaryDirectory();
    const pid = await stamped(startCli(...cron(directory, "--", ...SLEEPS)), directory);
    expect(await Peer.barman().owner(["GlobalCronLock", directory])).toBe(pid);
  });

  it.each(["ours", "flock(1)"])("goes on holding the lock when %s is killed", async (whose) => {
    const directory = temporaryDirectory();
    const { filename } = new GlobalCronLock(directory);
    const running =
      whose === "ours"
        ? startCli(...cron(directory, "--", ...SLEEPS))
        : new Running("flock", [filename, ...SLEEPS]);
    const pid = whose === "ours" ? await stamped(running, directory) : await started(running);
    const ended = new Promise((resolve) => running.child.once("exit", resolve));
    running.child.kill("SIGKILL");
    await ended;
    expect(isAlive(pid)).toBe(true);
    expect(isFree(filename)).toBe(false);
    if (whose === "ours") {
      expect(new GlobalCronLock(directory).getOwnerPid()).toBe(pid);
      expect(await cli(...cron(directory, "--", "true"))).toMatchObject({ code: 75 });
    }
    process.kill(pid, "SIGKILL");
    await until("free", () => isFree(filename));
  });

  it.each(["SIGALRM", "SIGIO", "SIGPWR", "SIGSTKFLT"] as const)(
    "goes on holding the lock when run dies of %s, which is not passed on",
    async (signal) => {
      const directory = temporaryDirectory();
      const lock = new GlobalCronLock(directory);
      const running = startCli(...cron(directory, "--", ...SLEEPS));
      const pid = await stamped(running, directory);
      const ended = new Promise((resolve) => running.child.once("exit", resolve));
      running.child.kill(signal);
      await ended;
      expect(running.child.signalCode).toBe(signal);
      expect(lock.getOwnerPid()).toBe(pid);
      expect(lock.acquireSync({ raiseIfFail: false })).toBe(false);
    },
  );

  it.each(["ours", "flock(1)"])(
    "may close every descriptor, as sudo does: %s goes on holding the lock",
    async (whose) => {
      const directory = temporaryDirectory();
      const { filename } = new GlobalCronLock(directory);
      const script =
        "import os,time; os.closerange(3, 1000); print('pid', os.getpid(), flush=True); time.sleep(60)";
      const command = ["python3", "-c", script];
      const running =
        whose === "ours"
          ? startCli(...cron(directory, "--", ...command))
          : new Running("flock", [filename, ...command]);
      const pid = await started(running);
      expect(isFree(filename)).toBe(false);
      if (whose === "ours") expect((await cli("who", filename)).code).toBe(0);
      process.kill(pid, "SIGKILL");
      await running.end();
      expect(isFree(filename)).toBe(true);
    },
  );

  it.each(["ours", "flock(1)"])(
    "leaves the lock to what it leaves running, with %s",
    async (whose) => {
      const directory = temporaryDirectory();
      const { filename } = new GlobalCronLock(directory);
      const command = ["sh", "-c", "sleep 60 >/dev/null 2>&1 & echo pid $!"];
      const running =
        whose === "ours"
          ? startCli(...cron(directory, "--", ...command))
          : new Running("flock", [filename, ...command]);
      const pid = await started(running);
      expect(await running.end()).toMatchObject({ code: 0 });
      expect(isFree(filename)).toBe(false);
      process.kill(pid, "SIGKILL");
      await until("free", () => isFree(filename));
    },
  );

  it("does not inherit the lock with --close, waited for or not", async () => {
    const directory = temporaryDirectory();
    using first = new GlobalCronLock(directory);
    const script = "sleep 60 & echo pid $$; echo child $!; wait";
    for (const waits of [false, true]) {
      if (waits) first.acquireSync();
      const running = startCli(...cron(directory, "--close", "--wait", "--", "sh", "-c", script));
      if (waits) await helperWaits(first.filename);
      first.release();
      const shell = await started(running);
      const sleep = Number((await running.says(/child (\d+)/))?.[1]);
      expect([...openFiles(running.pid).values()]).toContain(first.filename);
      for (const pid of [shell, sleep]) {
        expect([...openFiles(pid).values()]).not.toContain(first.filename);
      }
      expect(first.getOwnerPid()).toBe(running.pid);
      // What it leaves running does not hold the lock.
      process.kill(shell, "SIGKILL");
      await until("free", () => isFree(first.filename));
      process.kill(sleep, "SIGKILL");
      await running.end();
      expect(running.child.signalCode).toBe("SIGKILL");
    }
  });

  it("is told which locks are held for it, and a run in it refuses to wait for one of them", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    const again = [process.execPath, MAIN, ...cron(directory)].join(" ");
    const other = [process.execPath, MAIN, "run", "ServerCronLock", "--server-name", "main"].join(
      " ",
    );
    const script = `
      echo "$LOCK_CATALOGUE_HELD"
      ${again} -- true; echo no wait: $?
      ${again} --quiet -- true; echo quiet: $?
      ${again} --wait -- true; echo wait: $?
      ${again} --timeout 1h -- true; echo timeout: $?
      ${other} --directory ${directory} -- sh -c 'echo "$LOCK_CATALOGUE_HELD"'
      ${other} --directory ${directory} -- ${again} --wait -- true; echo within: $?`;
    const running = startCli(...cron(directory, "--", "sh", "-c", script));
    const { code, out, err } = await running.end();
    const held = `${running.pid}:${file}`;
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        new RegExp(
          `^${held}\nno wait: 75\nquiet: 75\nwait: 125\ntimeout: 125\n` +
            `${held}\n\\d+:${directory}/\\.main-cron\\.lock\nwithin: 125\n$`,
        ),
      ),
    });
    const message = `lock-catalogue: GlobalCronLock is held by the run that this one is part of, PID ${running.pid}`;
    expect(err.trimEnd().split("\n")).toEqual([
      `${message}. Leave the inner run out.`,
      ...Array(3).fill(`${message}: waiting for it would never end. Leave the inner run out.`),
    ]);
  });

  it("may be waited for by what an earlier command has left running", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, "waited");
    const again = [process.execPath, MAIN, ...cron(directory, "--wait", "--", "touch", file)];
    // It outlives the run whose lock the environment names, and then has nothing to fear.
    const script = `(while [ ! -e go ]; do sleep 0.05; done; ${again.join(" ")}) >/dev/null 2>&1 3>&- &`;
    const command = ["sh", "-c", script];
    const running = new Running(
      process.execPath,
      [MAIN, ...cron(directory, "--close", "--", ...command)],
      { cwd: directory },
    );
    expect(await running.end()).toMatchObject({ code: 0 });
    writeFileSync(join(directory, "go"), "");
    await until("it ran", () => existsSync(file));
  });
});

describe("lock-catalogue run whose command has changed its user", () => {
  const isRoot = process.getuid?.() === 0;
  const directory = join(MAIN, "..");
  const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
  const readable = isRoot && spawnSync("setpriv", [...nobody, "ls", directory]).status === 0;

  it.skipIf(!readable)(
    "holds the lock until it has ended, though it cannot be signalled",
    async () => {
      const home = temporaryDirectory();
      chmodSync(home, 0o777);
      // As sudo does: a setuid program that takes root for its real user.
      const sudo = join(home, "sudo");
      copyFileSync("/usr/bin/setpriv", sudo);
      chmodSync(sudo, 0o4755);
      expect(statSync(sudo).mode & 0o4000).toBe(0o4000);
      const become = [sudo, "--reuid", "0", "--regid", "0", "--clear-groups"];
      const args = [process.execPath, MAIN, ...cron(home, "--", ...become, ...SLEEPS)];
      const running = new Running("setpriv", [...nobody, ...args]);
      const pid = await started(running);
      for (const signal of ["SIGTERM", "SIGTERM", "SIGHUP"] as const) {
        process.kill(running.pid, signal);
        await until("it says so", () => running.err.includes("cannot pass SIGTERM on"));
        expect(isAlive(pid)).toBe(true);
        expect(await cli(...cron(home, "--", "echo", "second"))).toMatchObject({
          code: 75,
          out: "",
        });
      }
      expect(running.child.exitCode).toBe(null);
      process.kill(pid, "SIGKILL");
      const { err } = await running.end();
      expect(running.child.signalCode).toBe("SIGKILL");
      expect(err).toBe(
        `lock-catalogue: cannot pass SIGTERM on to PID ${pid} (EPERM): it runs as another user. ` +
          "The lock stays held until it has ended.\n",
      );
    },
  );
});

describe("lock-catalogue run --no-fork", () => {
  it.skipIf(canBecome)("needs a Node.js that can become another program", async () => {
    expect(await cli(...cron(temporaryDirectory(), "--no-fork", "--", "true"))).toEqual({
      code: 125,
      out: "",
      err: expect.stringContaining("--no-fork needs Node.js 22.15 or later, and this is v"),
    });
  });

  it.skipIf(!canBecome)("becomes the command, which holds the lock", async () => {
    const directory = temporaryDirectory();
    const { filename } = new GlobalCronLock(directory);
    const running = startCli(...cron(directory, "--no-fork", "--", ...SLEEPS));
    const pid = await started(running);
    expect(pid).toBe(running.pid);
    expect(new GlobalCronLock(directory).getOwnerPid()).toBe(pid);
    running.child.kill("SIGTERM");
    await running.end();
    expect(running.child.signalCode).toBe("SIGTERM");
    expect(isFree(filename)).toBe(true);
  });

  it.skipIf(!canBecome)("leaves no trace of Node.js on the signals of the command", async () => {
    const directory = temporaryDirectory();
    const script = "grep -E 'Sig(Ign|Blk)' /proc/self/status";
    const [plain, ours] = [
      await new Running("sh", ["-c", script]).end(),
      await cli(...cron(directory, "--no-fork", "--", "sh", "-c", script)),
    ];
    // The test runner is Node.js as well, which has libuv reset all signals of a child.
    expect(plain.out).toMatch(/SigIgn:\t0+\n/);
    expect(ours).toEqual(plain);
  });

  it.skipIf(!canBecome).each([
    ["a script without a first line of its own", "echo hi\n", { code: 0, out: "hi\n", err: "" }],
    ["a script", "#!/bin/sh\necho hi\n", { code: 0, out: "hi\n", err: "" }],
    ["a missing interpreter", "#!/nowhere/sh\n", { code: 126, out: "", err: /interpreter/ }],
  ])("executes what can be executed, and says what cannot: %s", async (_, text, expected) => {
    const directory = temporaryDirectory();
    const script = join(directory, "script");
    writeFileSync(script, text, { mode: 0o755 });
    const ending = await cli(...cron(directory, "--no-fork", "--", script));
    expect({ code: ending.code, out: ending.out }).toEqual({
      code: expected.code,
      out: expected.out,
    });
    expect(ending.err).toMatch(expected.err);
  });
});
