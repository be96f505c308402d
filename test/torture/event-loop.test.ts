import { join } from "node:path";
import { expect, it } from "vitest";
import { until } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { helpersOn, Script } from "../support/script.js";
import { LONG, report } from "./scale.js";

it("64 waits on 64 files stop neither file operations nor process.exit", async () => {
  const directory = temporaryDirectory();
  const prepare = `
    import { readFile } from "node:fs/promises";
    import { LockFile } from "lock-catalogue";
    const locks = Array.from({ length: 64 }, (_, i) => new LockFile(${JSON.stringify(directory)} + "/" + i + ".lock"));
  `;
  const holder = new Script(
    `${prepare} for (const lock of locks) lock.acquireSync(); console.log("held"); setInterval(() => locks, 1000);`,
  );
  expect(await holder.line()).toBe("held");
  const contender = new Script(`
    ${prepare}
    for (const lock of locks) void lock.acquire({ wait: true });
    process.on("SIGUSR2", async () => {
      const times = [];
      for (let i = 0; i < 101; i++) {
        const start = performance.now();
        await readFile("package.json");
        times.push(performance.now() - start);
      }
      console.log(times.sort((a, b) => a - b)[50]);
      console.log(Date.now());
      process.exit(0);
    });
    console.log("waiting");
  `);
  expect(await contender.line()).toBe("waiting");
  const files = Array.from({ length: 64 }, (_, i) => join(directory, `${i}.lock`));
  await until("64 helpers", () => files.every((file) => helpersOn(file).length === 1));
  contender.child.kill("SIGUSR2");
  const median = Number(await contender.line());
  const exits = Number(await contender.line());
  expect(await contender.end()).toEqual({ code: 0, signal: null });
  const took = Date.now() - exits;
  report("event loop: readFile beside 64 waits, median", `${median.toFixed(2)} ms`, "< 50 ms");
  report("event loop: process.exit beside 64 waits", `${took} ms`, "< 500 ms");
  if (LONG) expect(median).toBeLessThan(50);
  if (LONG) expect(took).toBeLessThan(500);
});
