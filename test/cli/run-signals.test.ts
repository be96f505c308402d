import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { GlobalCronLock } from "../../generated/index.js";
import { until } from "../support/bounded.js";
import { MAIN, Running, startCli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { helperWaits, isAlive } from "../support/script.js";
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

/** Waits for the end of a run, which is to be by a signal. */
async function endBySignal(running: Running): Promise<string | null> {
  expect(await running.end()).toMatchObject({ code: null, err: "" });
  return running.child.signalCode;
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
      const pid = await pidOf(running);
      running.child.kill(signal);
      await running.says(`got ${signal}`);
      await until("stamped", () => lock.getOwnerPid() === pid);
      running.child.kill(signal);
      await running.says(new RegExp(`got ${signal}\ngot ${signal}`));
      expect(lock.getOwnerPid()).toBe(pid);
      writeFileSync(join(directory, "go"), "");
      expect(await running.end()).toMatchObject({ code: 7, err: "" });
      expect(lock.getOwnerPid()).toBe(null);
    },
  );

  it.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1"] as const)(
    "%s ends a command that does not handle it, and then run itself by the same signal",
    async (signal) => {
      const directory = temporaryDirectory();
      const running = startCli(...run(directory, "sh", "-c", "echo pid $$; exec sleep 60"));
      const pid = await pidOf(running);
      running.child.kill(signal);
      expect(await endBySignal(running)).toBe(signal);
      expect(isAlive(pid)).toBe(false);
      expect(new GlobalCronLock(directory).getOwnerPid()).toBe(null);
    },
  );

  it.each(["SIGINT", "SIGTERM", "SIGQUIT"] as const)(
    "%s ends it while it waits for the lock; nothing was started",
    async (signal) => {
      const directory = temporaryDirectory();
      using lock = new GlobalCronLock(directory);
      lock.acquireSync();
      const running = startCli(...run(directory, "touch", join(directory, "started")));
      await helperWaits(lock.filename);
      running.child.kill(signal);
      expect(await endBySignal(running)).toBe(signal);
      lock.release();
      expect(existsSync(join(directory, "started"))).toBe(false);
      expect(lock.acquireSync()).toBe(true);
    },
  );

  it("SIGKILL frees the lock with --close, and the command goes on without it, as the help says", async () => {
    const directory = temporaryDirectory();
    const [name = "", ...args] = stubborn(directory);
    const running = startCli(name, "--close", ...args);
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

  it.skipIf(!hasTerminal)(
    "Ctrl-C twice reaches the command twice, though the witness was late and could tell only one",
    async () => {
      const directory = temporaryDirectory();
      const terminal = new Terminal(stubborn(directory));
      const pid = await pidOf(terminal);
      const ours = parentOf(pid);
      const witness = await witnessIn(ours, 3);
      // Two signals that a process has not taken yet are one.
      process.kill(witness, "SIGSTOP");
      terminal.type(CTRL_C);
      await terminal.says("got SIGINT");
      terminal.type(CTRL_C);
      await terminal.says(/got SIGINT.*got SIGINT/s);
      process.kill(witness, "SIGCONT");
      await endAfterTwo(terminal, ours, directory);
    },
  );

  it.skipIf(!hasTerminal)(
    "Ctrl-C twice reaches the command twice, though run has its second after what the witness says",
    async () => {
      const directory = temporaryDirectory();
      const terminal = new Terminal(stubborn(directory), { underShell: true });
      const pid = await pidOf(terminal);
      const ours = parentOf(pid);
      const shell = parentOf(ours);
      const witness = await witnessIn(shell, 4);
      process.kill(witness, "SIGSTOP");
      terminal.type(CTRL_C);
      await terminal.says("got SIGINT");
      await until("taken", () => isIdle(ours));
      process.kill(ours, "SIGSTOP");
      terminal.type(CTRL_C);
      await terminal.says(/got SIGINT.*got SIGINT/s);
      process.kill(witness, "SIGCONT");
      await until("written down", () => isIdle(witness));
      process.kill(ours, "SIGCONT");
      await endAfterTwo(terminal, ours, directory);
    },
  );

  it.skipIf(!hasTerminal).each(["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const)(
    "%s to run alone is passed on in the foreground of a terminal too",
    async (signal) => {
      const directory = temporaryDirectory();
      const terminal = new Terminal(stubborn(directory));
      const pid = await pidOf(terminal);
      const ours = parentOf(pid);
      expect(ours).toBeGreaterThan(1);
      process.kill(ours, signal);
      await terminal.says(`got ${signal}`);
      writeFileSync(join(directory, "go"), "");
      expect(await terminal.end()).toMatchObject({ code: 7 });
    },
  );

  it.each(SIGNALS)("%s to the whole process group reaches the command once", async (signal) => {
    const directory = temporaryDirectory();
    // setsid(1) makes it the leader of a group of its own.
    const running = new Running("setsid", [process.execPath, MAIN, ...stubborn(directory)]);
    await pidOf(running);
    await witnessIn(running.pid, 3);
    await onceInGroup(running, signal, directory);
  });

  it.each(SIGNALS)(
    "%s to the whole process group reaches the command once, though the witness had not begun",
    async (signal) => {
      const directory = temporaryDirectory();
      const programs = temporaryDirectory();
      // The first shell that is started gets the signal before it sets a trap.
      writeFileSync(
        join(programs, "sh"),
        `#!/bin/sh\ncd ${programs}\nmkdir begun 2>/dev/null && exec sleep 60\nexec /bin/sh "$@"\n`,
        { mode: 0o755 },
      );
      const running = new Running("setsid", [process.execPath, MAIN, ...stubborn(directory)], {
        env: { PATH: `${programs}:${process.env["PATH"]}` },
      });
      await pidOf(running);
      await until("started", () => existsSync(join(programs, "begun")));
      await onceInGroup(running, signal, directory);
    },
  );

  it("leaves nothing behind of the shell that tells these apart, however it ends", async () => {
    const directory = temporaryDirectory();
    const running = new Running("setsid", [process.execPath, MAIN, ...stubborn(directory)]);
    const pid = await pidOf(running);
    await witnessIn(running.pid, 3);
    running.child.kill("SIGKILL");
    await until("alone", () => String(groupOf(running.pid)) === String([pid]));
    process.kill(pid, "SIGKILL");
    await until("gone", () => groupOf(running.pid).length === 0);
    expect(groupOf(running.pid)).toEqual([]);
  });
});

/** Signals the group of a run twice, and ends the command: it has got each of them once. */
async function onceInGroup(
  running: Running,
  signal: NodeJS.Signals,
  directory: string,
): Promise<void> {
  // What comes after it shows that it is not passed on late.
  const other = signal === "SIGUSR2" ? "SIGUSR1" : "SIGUSR2";
  for (const before of [0, 1]) {
    process.kill(-running.pid, signal);
    const both = `(got ${signal}\ngot ${other}\n)`;
    await running.says(new RegExp(`${both}{${before}}got ${signal}\n$`));
    running.child.kill(other);
    await running.says(new RegExp(`^pid \\d+\n${both}{${before + 1}}$`));
    await witnessIn(running.pid, 3);
  }
  writeFileSync(join(directory, "go"), "");
  expect(await running.end()).toMatchObject({ code: 7, err: "" });
}

/** Ends a command that has got two Ctrl-C, and no third one late: what comes after them would come after that. */
async function endAfterTwo(terminal: Terminal, ours: number, directory: string): Promise<void> {
  process.kill(ours, "SIGUSR1");
  await terminal.says("got SIGUSR1");
  writeFileSync(join(directory, "go"), "");
  const { code, out } = await terminal.end();
  expect(code).toBe(7);
  expect(out.match(/got SIGINT/g)).toHaveLength(2);
}

function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]);
}

/** Whether a process sleeps, and has taken all signals. */
function isIdle(pid: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return /^State:\tS/mu.test(status) && /^SigPnd:\t0+\nShdPnd:\t0+$/mu.test(status);
}

/** The shell that sees which signals a group of so many processes gets, once it listens to the last of them. */
async function witnessIn(group: number, size: number): Promise<number> {
  let witness: number | undefined;
  await until("a witness", () => {
    const all = groupOf(group);
    witness = all.length === size ? all.find(isWitness) : undefined;
    return witness !== undefined;
  });
  return witness ?? -1;
}

function isWitness(pid: number): boolean {
  try {
    const caught = /^SigCgt:\t(?<mask>[0-9a-f]+)$/mu.exec(
      readFileSync(`/proc/${pid}/status`, "latin1"),
    )?.groups?.["mask"];
    const isLast = (BigInt(`0x${caught ?? "0"}`) >> BigInt(constants.signals.SIGUSR2 - 1)) & 1n;
    const command = readFileSync(`/proc/${pid}/cmdline`, "latin1");
    return isLast === 1n && command.includes(": lock-catalogue run: sees");
  } catch {
    return false; // It has ended.
  }
}

/** The processes of a group that live. */
function groupOf(group: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const status = readFileSync(`/proc/${name}/stat`, "latin1");
      const [state, , itsGroup] = status.slice(status.lastIndexOf(")") + 2).split(" ");
      return state !== "Z" && Number(itsGroup) === group ? [Number(name)] : [];
    } catch {
      return []; // Not a process, or it ended while we looked.
    }
  });
}
