import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { GlobalCronLock } from "../../generated/index.js";
import { until } from "../support/bounded.js";
import { type Running, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { helpersOn, isAlive } from "../support/script.js";
import { CTRL_C, hasTerminal, Terminal } from "../support/terminal.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

/** A command that says which signals it gets, and ends with 7 when there is a file `go`, or the test is over. */
const STUBBORN = `
  for (const signal of ${JSON.stringify(SIGNALS)}) process.on(signal, () => console.log("got " + signal));
  const { existsSync } = require("fs");
  const here = process.cwd();
  setInterval(() => { if (existsSync("go") || !existsSync(here)) process.exit(7); }, 10);
  console.log("pid " + process.pid);
`;

function run(directory: string, ...command: readonly string[]): string[] {
  return ["run", "GlobalCronLock", "--directory", directory, "--wait", "--", ...command];
}

function stubborn(directory: string): string[] {
  const script = `process.chdir(${JSON.stringify(directory)});${STUBBORN}`;
  return run(directory, process.execPath, "-e", script);
}

/** The PID that the command says it has; it is killed when the test ends, whatever becomes of the run. */
async function pidOf(running: Running): Promise<number> {
  const pid = Number((await running.says(/pid (\d+)/))?.[1]);
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, "SIGKILL");
  });
  return pid;
}

describe("a signal to lock-catalogue run", () => {
  it.each(SIGNALS)(
    "%s is passed on, and the lock is kept until the command has ended",
    async (signal) => {
      const directory = temporaryDirectory();
      const lock = new GlobalCronLock(directory);
      const running = startCli(...stubborn(directory));
      await pidOf(running);
      running.child.kill(signal);
      await running.says(`got ${signal}`);
      expect(lock.getOwnerPid()).toBe(running.pid);
      running.child.kill(signal);
      await running.says(new RegExp(`got ${signal}\ngot ${signal}`));
      expect(lock.getOwnerPid()).toBe(running.pid);
      writeFileSync(join(directory, "go"), "");
      expect(await running.end()).toMatchObject({ code: 7, err: "" });
      expect(lock.getOwnerPid()).toBe(null);
    },
  );

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)(
    "%s ends a command that does not mind it, and gives %d back",
    async (signal, code) => {
      const directory = temporaryDirectory();
      const running = startCli(...run(directory, "sh", "-c", "echo pid $$; exec sleep 60"));
      const pid = await pidOf(running);
      running.child.kill(signal);
      expect(await running.end()).toMatchObject({ code, err: "" });
      expect(isAlive(pid)).toBe(false);
      expect(new GlobalCronLock(directory).getOwnerPid()).toBe(null);
    },
  );

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "%s while it waits for the lock ends the wait with %d; nothing was started",
    async (signal, code) => {
      const directory = temporaryDirectory();
      using lock = new GlobalCronLock(directory);
      lock.acquireSync();
      const running = startCli(...run(directory, "touch", join(directory, "started")));
      await until("waiting", () => helpersOn(lock.filename).length > 0);
      running.child.kill(signal);
      expect(await running.end()).toEqual({ code, out: "", err: "" });
      lock.release();
      expect(existsSync(join(directory, "started"))).toBe(false);
      expect(lock.acquireSync()).toBe(true);
    },
  );

  it("SIGKILL frees the lock, and the command goes on without it, as the help says", async () => {
    const directory = temporaryDirectory();
    const running = startCli(...stubborn(directory));
    const pid = await pidOf(running);
    running.child.kill("SIGKILL");
    using lock = new GlobalCronLock(directory);
    expect(await lock.acquire({ timeout: 20_000 })).toBe(true);
    expect(isAlive(pid)).toBe(true);
  });

  it("SIGKILL ends the command too where setpriv has the kernel see to it", async () => {
    const directory = temporaryDirectory();
    const [, , , , , , ...command] = stubborn(directory);
    const running = startCli(...run(directory, "setpriv", "--pdeathsig", "KILL", ...command));
    const pid = await pidOf(running);
    running.child.kill("SIGKILL");
    await until("the command gone", () => !isAlive(pid));
    expect(await running.end()).toMatchObject({ code: null });
  });

  it.skipIf(!hasTerminal)(
    "Ctrl-C reaches the command once, as the terminal has sent it already",
    async () => {
      const directory = temporaryDirectory();
      const terminal = new Terminal(stubborn(directory));
      await pidOf(terminal);
      terminal.type(CTRL_C);
      await terminal.says("got SIGINT");
      terminal.type(CTRL_C);
      await terminal.says(/got SIGINT.*got SIGINT/s);
      await new Promise((resolve) => setTimeout(resolve, 200));
      writeFileSync(join(directory, "go"), "");
      const { code, out } = await terminal.end();
      expect(code).toBe(7);
      expect(out.match(/got SIGINT/g)).toHaveLength(2);
    },
  );

  it.skipIf(!hasTerminal)("SIGTERM is passed on in a terminal too", async () => {
    const directory = temporaryDirectory();
    const terminal = new Terminal(stubborn(directory));
    await pidOf(terminal);
    const owner = new GlobalCronLock(directory).getOwnerPid() ?? 0;
    expect(owner).toBeGreaterThan(1);
    process.kill(owner, "SIGTERM");
    await terminal.says("got SIGTERM");
    writeFileSync(join(directory, "go"), "");
    expect(await terminal.end()).toMatchObject({ code: 7 });
  });
});
