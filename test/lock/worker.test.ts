import { describe, expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";
import { helpersOn, scriptOn } from "../support/script.js";

describe("a Worker", () => {
  it("waits as the main thread does, contends with it, and takes its helper along when it is terminated", async () => {
    const file = temporaryLock();
    const process = scriptOn(
      file,
      `import { Worker } from "node:worker_threads";
       import { once } from "node:events";
       const code = \`
         import { parentPort, workerData } from "node:worker_threads";
         const { LockFile } = await import(workerData.module);
         const lock = new LockFile(workerData.file);
         parentPort.postMessage(await lock.acquire({ wait: true }));
         parentPort.on("message", () => lock); // Keeps it.
       \`;
       const start = () => new Worker(new URL("data:text/javascript," + encodeURIComponent(code)), {
         workerData: { module: import.meta.resolve("lock-catalogue"), file: lock.filename },
       });
       await lock.acquire();
       const first = start();
       const doomed = start();
       await Promise.all([once(first, "online"), once(doomed, "online")]);
       console.log("waiting");
       process.once("SIGUSR2", async () => {
         await doomed.terminate();
         console.log("terminated");
         const message = once(first, "message");
         lock.release();
         console.log((await message)[0], lock.getOwnerPid() === process.pid);
         await first.terminate();
         console.log(await lock.acquire({ timeout: 20_000 }));
         process.exit(0);
       });
       setInterval(() => {}, 1000);`,
    );
    expect(await process.line()).toBe("waiting");
    await until("two helpers", () => helpersOn(file).length === 2);
    process.child.kill("SIGUSR2");
    expect(await process.line()).toBe("terminated");
    await until("one helper", () => helpersOn(file).length <= 1);
    expect(await process.line()).toBe("true true");
    expect(await process.line()).toBe("true");
    expect(await process.end()).toEqual({ code: 0, signal: null });
  });

  // fs-ext alone crashes it at the second.
  it.each([
    ["after another leaves the process standing", {}],
    ["takes locks where there is no temporary directory", { TMPDIR: "/nonexistent" }],
  ])("%s", async (_claim, env) => {
    const process = scriptOn(
      temporaryLock(),
      `import { Worker } from "node:worker_threads";
       import { once } from "node:events";
       await lock.acquire();
       const code = \`
         import { workerData } from "node:worker_threads";
         const { LockFile } = await import(workerData.module);
         {
           const lock = new LockFile(workerData.file);
           if (!lock.acquireSync()) throw new Error("busy");
         }
       \`;
       for (let i = 0; i < 20; i++) {
         const worker = new Worker(code, {
           eval: true,
           workerData: { module: import.meta.resolve("lock-catalogue"), file: lock.filename + i },
         });
         console.log(await once(worker, "exit"));
       }`,
      { env },
    );
    for (let i = 0; i < 20; i++) expect(await process.line()).toBe("[ 0 ]");
    expect(await process.end()).toEqual({ code: 0, signal: null });
  });
});
