import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { until } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { hasBarman, Peer } from "../support/peer.js";
import { helpersOn, helperWaits, scriptOn } from "../support/script.js";

describe("a holder", () => {
  it("that is killed frees the lock, and its PID is nobody's any more", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    await holder.kill("SIGKILL");
    const lock = new LockFile(file);
    expect(lock.getOwnerPid()).toBe(null);
    expect(await lock.acquire()).toBe(true);
    expect(lock.getOwnerPid()).toBe(process.pid);
    lock.release();
  });

  it("that is stopped goes on holding, under its PID", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    holder.child.kill("SIGSTOP");
    const lock = new LockFile(file);
    expect(lock.getOwnerPid()).toBe(holder.pid);
    await expect(lock.acquire({ timeout: 30 })).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    holder.child.kill("SIGCONT");
    await holder.release([file]);
    expect(await lock.acquire()).toBe(true);
    lock.release();
  });

  it("does not stay alive for the lock, and gives it back when it ends", async () => {
    const file = temporaryLock();
    const holder = scriptOn(file, `await lock.acquire(); console.log(lock.held);`);
    expect(await holder.line()).toBe("true");
    expect(await holder.end()).toEqual({ code: 0, signal: null });
    expect(new LockFile(file).getOwnerPid()).toBe(null);
  });

  it("gives it back on process.exit and on an uncaught error", async () => {
    const file = temporaryLock();
    for (const [end, code] of [
      ["process.exit(3)", 3],
      ["null.x", 1],
    ] as const) {
      const holder = scriptOn(file, `await lock.acquire(); ${end};`, { quiet: true });
      expect(await holder.end()).toMatchObject({ code });
      expect(new LockFile(file).getOwnerPid()).toBe(null);
    }
  });

  it("does not hand the lock on to its children", async () => {
    const file = temporaryLock();
    const holder = scriptOn(
      file,
      `import { spawn } from "node:child_process";
       await lock.acquire();
       const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
       child.unref();
       console.log(child.pid);`,
    );
    const child = Number(await holder.line());
    await holder.end();
    try {
      process.kill(child, 0);
      expect(await new LockFile(file).acquire({ raiseIfFail: false })).toBe(true);
    } finally {
      process.kill(child, "SIGKILL");
    }
  });

  it("whose lock was waited for is named by its own PID, not by its helper's", async () => {
    const file = temporaryLock();
    const first = Peer.ours();
    const second = Peer.ours();
    await first.acquire([file]);
    const acquired = second.acquire([file], { wait: true });
    await helperWaits(file);
    await first.release([file]);
    await acquired;
    expect(new LockFile(file).getOwnerPid()).toBe(second.pid);
    await second.release([file]);
  });

  it("that was granted the lock and has not come to stamp it is named, and not the one before", async () => {
    const file = temporaryLock();
    const barman = hasBarman ? Peer.barman() : Peer.ours();
    await barman.acquire([file]);
    const contender = scriptOn(
      file,
      `void lock.acquire({ wait: true }).then(() => console.log(lock.held));`,
    );
    await helperWaits(file);
    // Stopped, it does not see that its helper is granted the lock; Barman leaves its PID behind.
    contender.child.kill("SIGSTOP");
    await barman.release([file]);
    await until("the helper is granted the lock", () => helpersOn(file).length === 0);
    expect(new LockFile(file).getOwnerPid()).toBe(contender.pid);
    contender.child.kill("SIGCONT");
    expect(await contender.line()).toBe("true");
  });
});

describe("a contender that waits", () => {
  it("keeps its process alive, also behind a holder of the same process", async () => {
    const file = temporaryLock();
    const contender = scriptOn(
      file,
      `const holder = new LockFile(lock.filename);
       await holder.acquire();
       setTimeout(() => holder.release(), 50).unref();
       await lock.acquire({ timeout: 3_000 }).catch((error) => console.log(error.code));`,
    );
    // The timer that would release does not keep the process alive; the wait does.
    expect(await contender.end()).toEqual({ code: 0, signal: null });
  });

  const WAITING = `
    process.stdin.unref?.();
    const acquired = lock.acquire({ wait: true });
    console.log("waiting");
  `;

  it.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "ends on %s, and its helper with it",
    async (signal) => {
      const file = temporaryLock();
      const holder = await Peer.holding(file);
      const contender = scriptOn(file, `${WAITING} await acquired;`);
      await helperWaits(file);
      contender.child.kill(signal);
      expect(await contender.end()).toEqual({ code: null, signal });
      await until("no helper", () => helpersOn(file).length === 0);
      expect(await holder.owner([file])).toBe(holder.pid);
    },
  );

  it("ends at once on process.exit, and its helper with it", async () => {
    const file = temporaryLock();
    await Peer.holding(file);
    const contender = scriptOn(
      file,
      `process.once("SIGUSR2", () => process.exit(7)); ${WAITING} await acquired;`,
    );
    await helperWaits(file);
    contender.child.kill("SIGUSR2");
    expect(await contender.end()).toEqual({ code: 7, signal: null });
    await until("no helper", () => helpersOn(file).length === 0);
  });

  it("runs the handlers of its signals", async () => {
    const file = temporaryLock();
    await Peer.holding(file);
    const contender = scriptOn(
      file,
      `process.on("SIGTERM", () => { console.log("handled"); process.exit(0); }); ${WAITING} await acquired;`,
    );
    await helperWaits(file);
    contender.child.kill("SIGTERM");
    expect(await contender.line()).toBe("waiting");
    expect(await contender.line()).toBe("handled");
  });

  it("blocks no file operation: 64 wait, and a file is read beside them", async () => {
    const directory = temporaryDirectory();
    const holder = scriptOn(
      join(directory, "unused.lock"),
      `const locks = [];
       for (let i = 0; i < 64; i++) {
         locks.push(new LockFile(${JSON.stringify(directory)} + "/" + i + ".lock"));
         locks[i].acquireSync();
       }
       console.log("held");
       setInterval(() => {}, 1000);`,
    );
    expect(await holder.line()).toBe("held");
    const contender = scriptOn(
      join(directory, "unused.lock"),
      `import { readFile } from "node:fs/promises";
       for (let i = 0; i < 64; i++) {
         void new LockFile(${JSON.stringify(directory)} + "/" + i + ".lock").acquire({ wait: true });
       }
       process.on("SIGUSR2", async () => {
         console.log((await readFile("package.json", "utf8")).length > 0);
         process.exit(0);
       });
       console.log("waiting");`,
    );
    expect(await contender.line()).toBe("waiting");
    await until("64 helpers", () => {
      return (
        Array.from({ length: 64 }, (_, i) => helpersOn(join(directory, `${i}.lock`))).flat()
          .length === 64
      );
    });
    contender.child.kill("SIGUSR2");
    expect(await contender.line()).toBe("true");
    expect(await contender.end()).toEqual({ code: 0, signal: null });
    for (let i = 0; i < 64; i++) {
      await until("no helper", () => helpersOn(join(directory, `${i}.lock`)).length === 0);
    }
  });
});
