import { expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { temporaryLock } from "../support/directory.js";
import { scriptOn } from "../support/script.js";
import { report, scale } from "./scale.js";

it("the owner is never an error beside a process that takes and releases all the time", async () => {
  const file = temporaryLock();
  const taker = scriptOn(
    file,
    `console.log("ready");
     for (;;) {
       // Beside a look.
       try { lock.acquireSync(); } catch { continue; }
       lock.release();
     }`,
  );
  await taker.line();
  const lock = new LockFile(file);
  const looks = scale(3_000, 100_000);
  const seen = { taker: 0, free: 0, errors: [] as unknown[], strangers: [] as number[] };
  for (let n = 0; n < looks; n++) {
    try {
      const pid = lock.getOwnerPid();
      if (pid === null) seen.free++;
      else if (pid === taker.pid) seen.taker++;
      else seen.strangers.push(pid);
    } catch (error) {
      seen.errors.push(error);
    }
  }
  report(
    `owner beside a busy taker: ${looks} looks, ${seen.taker} of them its PID`,
    `${seen.errors.length} errors, ${seen.strangers.length} strangers`,
    "0",
  );
  expect(seen.errors).toEqual([]);
  expect(seen.strangers).toEqual([]);
  expect(seen.taker).toBeGreaterThan(0);
});
