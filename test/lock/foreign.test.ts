import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { within } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";

const hasFlock: boolean = spawnSync("flock", ["--version"]).status === 0;

/** The `flock` program on a file, until its input is closed. */
class Foreign {
  readonly #child: ChildProcess;
  readonly #held: Promise<unknown>;

  constructor(mode: "-s" | "-x", file: string) {
    this.#child = spawn("flock", [mode, file, "sh", "-c", "echo held; read end"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#held = new Promise((resolve) => this.#child.stdout?.once("data", resolve));
    onTestFinished(() => this.release());
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async held(): Promise<this> {
    await within(20_000, "flock", this.#held);
    return this;
  }

  /** Closed input ends the shell, and with it the program that holds the lock; nothing is left behind. */
  async release(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin?.end();
    await within(20_000, "end of flock", gone);
  }
}

describe.skipIf(!hasFlock)("the flock program", () => {
  it.each(["-x", "-s"] as const)(
    "with %s keeps us out for as long as it holds, and no longer",
    async (mode) => {
      const file = temporaryLock();
      const foreign = await new Foreign(mode, file).held();
      const lock = new LockFile(file);
      await expect(lock.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY", path: file });
      expect(lock.acquireSync({ raiseIfFail: false })).toBe(false);
      await expect(lock.acquire({ timeout: 10 })).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
      const late = lock.acquire({ timeout: 20_000 });
      expect(await Promise.race([late, sleep(60, "not yet")])).toBe("not yet");
      await foreign.release();
      expect(await late).toBe(true);
      lock.release();
    },
  );

  it("with -x holds a lock whose holder the file does not name, and the kernel does", async () => {
    const file = temporaryLock();
    const foreign = await new Foreign("-x", file).held();
    const lock = new LockFile(file);
    expect(lock.getOwnerPid()).toBe(foreign.pid);
    await expect(lock.acquire()).rejects.toThrow(/held by PID \d+\. /);
  });

  it.each(["-x", "-s"])("with %s is kept out by us", (mode) => {
    const file = temporaryLock();
    using lock = new LockFile(file);
    lock.acquireSync();
    const attempt = () => spawnSync("flock", ["-n", mode, file, "true"]).status;
    expect(attempt()).toBe(1);
    lock.release();
    expect(attempt()).toBe(0);
  });
});
