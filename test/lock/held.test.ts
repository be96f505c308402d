import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { inChild } from "../support/child.js";
import { temporaryLock } from "../support/directory.js";
import { Script, scriptOn } from "../support/script.js";

const COLLECTING = { args: ["--expose-gc"] };

/** Collects garbage until an object of this very moment is gone, so that what nobody refers to is gone as well. */
const COLLECT = `
  async function collect() {
    let isCollected = false;
    const registry = new FinalizationRegistry(() => {
      isCollected = true;
    });
    (() => registry.register({}, null))();
    for (const end = performance.now() + 20_000; !isCollected; ) {
      if (performance.now() > end) throw new Error("nothing is collected");
      gc();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
`;

describe("a held lock", () => {
  it("at the top of a module keeps a second instance out for as long as the program runs", async () => {
    const file = temporaryLock();
    const instance = (): Script =>
      new Script(
        `${COLLECT}
         import { createServer } from "node:http";
         import { LockFile } from "lock-catalogue";
         {
           const lock = new LockFile(${JSON.stringify(file)}, { raiseIfFail: false });
           if (!(await lock.acquire())) {
             console.log("already running");
             process.exit(0);
           }
         }
         createServer().listen(0, async () => {
           for (let i = 0; i < 3; i++) await collect();
           console.log("serving");
         });`,
        COLLECTING,
      );
    const first = instance();
    expect(await first.line()).toBe("serving");
    const second = instance();
    expect(await second.line()).toBe("already running");
    expect(new LockFile(file).getOwnerPid()).toBe(first.pid);
    first.child.kill("SIGKILL");
    await first.end();
    expect(await new LockFile(file).acquire({ timeout: 20_000 })).toBe(true);
  });

  it.each(["acquireSync()", "acquire()", "acquire({ wait: true })"])(
    "by %s of an object that nobody mentions again stays held, and without a warning",
    async (call) => {
      const file = temporaryLock();
      const script = `
        ${COLLECT}
        const warnings = [];
        process.on("warning", ({ name, message }) => warnings.push(name + " " + message));
        await (() => new LockFile(args[0]).${call})();
        for (let i = 0; i < 3; i++) await collect();
        const other = new LockFile(args[0]);
        tell({ owned: other.getOwnerPid() === process.pid, warnings,
          busy: await attempt(() => other.acquire({ raiseIfFail: false })) });
      `;
      const seen = await inChild(script, { args: [file], nodeOptions: ["--expose-gc"] });
      expect(seen).toEqual({ owned: true, warnings: [], busy: { value: false } });
    },
  );

  it("of a withLock whose result nobody awaits is held until its function ends, and no longer", async () => {
    const file = temporaryLock();
    const script = `
      ${COLLECT}
      let finish;
      const finished = new Promise((resolve) => {
        finish = resolve;
      });
      (() => void new LockFile(args[0]).withLock(() => finished))();
      await collect();
      const other = new LockFile(args[0]);
      const during = await other.acquire({ raiseIfFail: false });
      finish();
      tell({ during, after: await attempt(() => other.acquire({ timeout: 20_000 })) });
    `;
    const seen = await inChild(script, { args: [file], nodeOptions: ["--expose-gc"] });
    expect(seen).toEqual({ during: false, after: { value: true } });
  });

  it("ends with its Worker, and no sooner", async () => {
    const program = scriptOn(
      temporaryLock(),
      `import { Worker } from "node:worker_threads";
       import { once } from "node:events";
       const code = \`
         import { parentPort, workerData } from "node:worker_threads";
         const { LockFile } = await import(workerData.module);
         await (() => new LockFile(workerData.file).acquire())();
         for (let i = 0; i < 5; i++) {
           gc();
           await new Promise((resolve) => setTimeout(resolve, 1));
         }
         parentPort.postMessage("held");
         parentPort.once("message", () => {});
       \`;
       const worker = new Worker(new URL("data:text/javascript," + encodeURIComponent(code)), {
         workerData: { module: import.meta.resolve("lock-catalogue"), file: lock.filename },
       });
       await once(worker, "message");
       console.log(await lock.acquire({ raiseIfFail: false }), lock.getOwnerPid() === process.pid);
       worker.postMessage("end");
       await once(worker, "exit");
       console.log(await lock.acquire({ raiseIfFail: false }));`,
      COLLECTING,
    );
    expect(await program.line()).toBe("false true");
    expect(await program.line()).toBe("true");
    expect(await program.end()).toEqual({ code: 0, signal: null });
  });
});

describe("released locks", () => {
  it("leave nothing behind: 100,000 objects, each for a file of its own", async () => {
    const script = `
      ${COLLECT}
      const run = async (count) => {
        for (let i = 0; i < count; i++) {
          const lock = new LockFile(args[0] + (i % 7));
          if (i % 2 === 0) lock.acquireSync();
          else if (i % 101 === 0) await lock.withLock(() => {});
          else await lock.acquire();
          lock.release();
        }
        await collect();
        return { heap: process.memoryUsage().heapUsed, open: fs.readdirSync("/dev/fd").length };
      };
      await run(2_000);
      const before = await run(2_000);
      const after = await run(100_000);
      tell({ perObject: (after.heap - before.heap) / 100_000, left: after.open - before.open });
    `;
    const seen = await inChild<{ perObject: number; left: number }>(script, {
      args: [temporaryLock()],
      nodeOptions: ["--expose-gc"],
    });
    expect(seen.left).toBe(0);
    // In bytes: an entry of a registry would be a hundred.
    expect(seen.perObject).toBeLessThan(10);
  });

  it("leave nothing behind of objects whose acquire failed, was aborted, or was released while it waited", async () => {
    const script = `
      ${COLLECT}
      const holder = new LockFile(args[0]);
      await holder.acquire();
      const run = async (count) => {
        for (let i = 0; i < count; i++) {
          const lock = new LockFile(args[0]);
          await lock.acquire({ raiseIfFail: false });
          const controller = new AbortController();
          const waits = [
            lock.acquire({ wait: true, signal: controller.signal }).catch(() => {}),
            lock.acquire({ wait: true }).catch(() => {}),
          ];
          controller.abort();
          lock.release();
          await Promise.all(waits);
        }
        await collect();
        return process.memoryUsage().heapUsed;
      };
      // What the engine keeps once and for all is there after some thousand, or comes in one of the rounds.
      const used = [];
      for (let round = 0; round < 5; round++) used.push(await run(5_000));
      const grown = used.slice(2).map((bytes, i) => bytes - used[i + 1]);
      tell(Math.min(...grown) / 5_000);
    `;
    const perObject = await inChild<number>(script, {
      args: [temporaryLock()],
      nodeOptions: ["--expose-gc"],
    });
    expect(perObject).toBeLessThan(50);
  });
});
