import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { temporaryLock } from "../support/directory.js";
import { sharersOn, waitersOn } from "../support/proc-locks.js";

function flock(...args: readonly string[]): number {
  const child = spawn("flock", args);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child.pid ?? -1;
}

/** Waits until the table says so: it is read page by page, so that a line may be missing when others come and go. */
async function untilEqual(what: string, seen: () => number[] | null, pids: readonly number[]) {
  const sorted = expect.poll(() => seen()?.sort(), { message: what, timeout: 20_000, interval: 2 });
  await sorted.toEqual(pids.toSorted());
}

describe("the kernel's table of locks", () => {
  it("has all who wait, also one behind the other", async () => {
    const file = temporaryLock();
    using lock = new LockFile(file);
    lock.acquireSync();
    const pids: number[] = [];
    for (const count of [1, 2, 3]) {
      pids.push(flock("-x", file, "true"));
      await untilEqual(`${count} wait`, () => waitersOn(file), pids);
    }
    expect(sharersOn(file)).toEqual([]);
  });

  it("has all who share, and who waits for them", async () => {
    const file = temporaryLock();
    writeFileSync(file, "");
    const pids = [1, 2].map(() => flock("-s", "-F", file, "sleep", "60"));
    await untilEqual("two share", () => sharersOn(file), pids);
    const waits = flock("-x", file, "true");
    await untilEqual("one waits", () => waitersOn(file), [waits]);
  });
});
