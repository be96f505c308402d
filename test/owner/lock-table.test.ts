import { spawn } from "node:child_process";
import { lstatSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { sharersOf, waitersOf } from "../../src/owner/lock-table.js";
import { until } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";

function flock(...args: readonly string[]): number {
  const child = spawn("flock", args);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child.pid ?? -1;
}

describe("the kernel's table of locks", () => {
  it("has all who wait, also one behind the other", async () => {
    const file = temporaryLock();
    using lock = new LockFile(file);
    lock.acquireSync();
    const there = lstatSync(file, { bigint: true });
    const pids: number[] = [];
    for (const count of [1, 2, 3]) {
      pids.push(flock("-x", file, "true"));
      await until(`${count} wait`, () => waitersOf(there)?.length === count);
    }
    expect(waitersOf(there)).toEqual(pids);
    expect(sharersOf(there)).toEqual([]);
  });

  it("has all who share, and who waits for them", async () => {
    const file = temporaryLock();
    const pids = [1, 2].map(() => flock("-s", "-F", file, "sleep", "60"));
    await until("two share", () => {
      const there = lstatSync(file, { bigint: true, throwIfNoEntry: false });
      return there !== undefined && sharersOf(there)?.length === 2;
    });
    const there = lstatSync(file, { bigint: true });
    expect(sharersOf(there)?.sort()).toEqual(pids.sort());
    const waits = flock("-x", file, "true");
    await until("one waits", () => waitersOf(there)?.length === 1);
    expect(waitersOf(there)).toEqual([waits]);
  });
});
