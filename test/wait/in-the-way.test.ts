import { spawn } from "node:child_process";
import { chmodSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { LockFile } from "../../src/index.js";
import { sleepSync } from "../../src/system/sleep.js";
import { queueInKernel } from "../../src/wait/kernel-queue.js";
import { Patience } from "../../src/wait/patience.js";
import { until } from "../support/bounded.js";
import { inChild } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { sharersOn } from "../support/proc-locks.js";
import { helpersOn, helperWaits, Script, scriptOn } from "../support/script.js";

describe("a wait is never in the way", () => {
  it("an acquire that does not wait hardly stops the thread beside a process that shares and computes", async () => {
    const file = temporaryLock();
    writeFileSync(file, "");
    const sharer = spawn("flock", ["-F", "-s", file, "sh", "-c", "while :; do :; done"]);
    onTestFinished(() => void sharer.kill("SIGKILL"));
    await until("it shares", () => (sharersOn(file)?.length ?? 0) > 0);
    const sleeps = vi.spyOn(Atomics, "wait");
    onTestFinished(() => void sleeps.mockRestore());
    const lock = new LockFile(file);
    for (const options of [{}, { timeout: 100 }]) {
      sleeps.mockClear();
      expect(await lock.acquire({ ...options, raiseIfFail: false })).toBe(false);
      const slept = sleeps.mock.calls.reduce((sum, [, , , ms]) => sum + Number(ms), 0);
      // Between the tries of 2 ms in which it may be a look; the time without a processor is not ours.
      expect(slept).toBeLessThanOrEqual(sleeps.mock.calls.length * 0.2);
      expect(slept).toBeLessThan(100);
    }
  });

  it("a release does not ask the kernel who waits", async () => {
    // The kernel takes 5 to 8 ms for its table, in which a release would stop the thread. What the library takes of
    // Node.js it takes when it is loaded.
    const counting = `
      import fs from "node:fs";
      const { readFileSync } = fs;
      globalThis.reads = 0;
      const isTable = (path) => String(path).endsWith("/locks") && String(path).startsWith("/proc");
      fs.readFileSync = (path, ...rest) => {
        if (isTable(path)) globalThis.reads++;
        return readFileSync(path, ...rest);
      };`;
    const seen = await inChild(
      `
      // It counts: a busy lock asks who holds it.
      const other = new LockFile(args[0]);
      other.acquireSync({ updatePid: false });
      await attempt(() => new LockFile(args[0]).acquireSync());
      const counted = globalThis.reads;
      other.release();
      globalThis.reads = 0;
      const locks = Array.from({ length: 20 }, () => new LockFile(args[0]));
      await Promise.all(locks.map(async (lock) => {
        await lock.acquire({ wait: true });
        await new Promise((resolve) => setTimeout(resolve, 2));
        lock.release();
      }));
      tell({ counted: counted > 0, reads: globalThis.reads });
    `,
      {
        args: [temporaryLock()],
        nodeOptions: ["--import", `data:text/javascript,${encodeURIComponent(counting)}`],
      },
    );
    expect(seen).toEqual({ counted: true, reads: 0 });
  });

  it("who has little time left starts no helper", async () => {
    const bin = temporaryDirectory();
    const log = join(bin, "log");
    for (const name of ["flock", "setpriv"]) {
      const path = join(bin, name);
      writeFileSync(path, `#!/bin/sh\necho started >>${log}\nexec /usr/bin/${name} "$@"\n`);
      chmodSync(path, 0o755);
    }
    const file = temporaryLock();
    await Peer.holding(file);
    const contender = new Script(
      `import { LockFile } from "lock-catalogue";
       const lock = new LockFile(${JSON.stringify(file)}, { raiseIfFail: false });
       // A process that blocks in flock(2) sends every contender to the queue at once.
       for (let i = 0; i < 20; i++) await lock.acquire({ timeout: 15 });
       for (let i = 0; i < 20; i++) lock.acquireSync({ timeout: 15 });
       console.log("short ones are over");
       await lock.acquire({ timeout: 600_000 });`,
      { env: { PATH: `${bin}:/usr/bin:/bin` } },
    );
    const stranger = spawn("/usr/bin/flock", ["-x", file, "true"]);
    onTestFinished(() => void stranger.kill("SIGKILL"));
    expect(await contender.line()).toBe("short ones are over");
    expect(existsSync(log)).toBe(false);
    await until(
      "the long one starts a helper",
      () => existsSync(log) && readFileSync(log, "latin1").startsWith("started\n"),
    );
  });

  it("who has little time left when its turn to start one comes, behind many others, starts none", async () => {
    const path = temporaryLock();
    await Peer.holding(path);
    /** Whether a wait starts its helper whose turn comes with so much time (ms) left. */
    const startsWith = async (left: number, timeout: number): Promise<boolean> => {
      const patience = new Patience(timeout);
      const file = { path, fd: openSync(path, "r+") };
      let isStarted = false;
      const ending = queueInKernel(file, "exclusive", patience, false, async (isOver) => {
        while (!isOver() && !patience.over) await patience.yieldToEventLoop();
        isStarted = isOver();
        patience.stop();
        return false;
      });
      sleepSync(Math.max(0, patience.left - left));
      expect(await ending).toEqual({ outcome: "ended" });
      return isStarted;
    };
    expect(await startsWith(60_000, 60_000)).toBe(true);
    expect(await startsWith(10, 300)).toBe(false);
  });

  /** A process that holds the lock while a `worker` of its waits for it synchronously, until it is sent SIGUSR2. */
  async function holderWithWaitingWorker(file: string, onSignal: string): Promise<Script> {
    const process = scriptOn(
      file,
      `import { Worker } from "node:worker_threads";
       await lock.acquire();
       const code = \`
         import { workerData } from "node:worker_threads";
         const { LockFile } = await import(workerData.module);
         new LockFile(workerData.file).acquireSync({ wait: true });\`;
       const worker = new Worker(new URL("data:text/javascript," + encodeURIComponent(code)), {
         workerData: { module: import.meta.resolve("lock-catalogue"), file: lock.filename },
       });
       console.log("holding");
       globalThis.process.once("SIGUSR2", async () => { ${onSignal} });
       setInterval(() => {}, 1000);`,
      { quiet: true },
    );
    expect(await process.line()).toBe("holding");
    await helperWaits(file);
    process.child.kill("SIGUSR2");
    return process;
  }

  it.each(["process.exit(7)", "setTimeout(() => { throw new Error('on purpose'); })"])(
    "a Worker that waits synchronously does not keep the process from its end: %s",
    async (end) => {
      const file = temporaryLock();
      const process = await holderWithWaitingWorker(file, end);
      expect((await process.end()).code).toBe(end.startsWith("process") ? 7 : 1);
      await until("its helper ends", () => helpersOn(file).length === 0);
    },
  );

  it("a Worker that waits synchronously can be terminated", async () => {
    const file = temporaryLock();
    const process = await holderWithWaitingWorker(
      file,
      `await worker.terminate();
       console.log("terminated", lock.held, lock.isCurrent());
       lock.release();
       globalThis.process.exit(0);`,
    );
    expect(await process.line()).toBe("terminated true true");
    expect(await process.end()).toEqual({ code: 0, signal: null });
    await until("its helper ends", () => helpersOn(file).length === 0);
  });

  it("a waiter that was granted the lock while it is busy is told as the holder, and not its helper", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const contender = scriptOn(
      file,
      `const waiting = lock.acquire({ wait: true });
       globalThis.process.once("SIGUSR2", () => {
         console.log("busy");
         for (;;);
       });
       setInterval(() => {}, 1000);
       await waiting;
       console.log("taken");`,
    );
    await helperWaits(file);
    contender.child.kill("SIGUSR2");
    expect(await contender.line()).toBe("busy");
    await holder.release([file]);
    await until("the helper has been granted it", () => helpersOn(file).length === 0);
    expect(new LockFile(file).getOwnerPid()).toBe(contender.pid);
  });
});
