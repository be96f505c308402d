import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { performance } from "../../src/clock.js";
import { lookForHolder, lookForHolderTogether } from "../../src/holder/find-holder.js";
import { LockFile } from "../../src/index.js";
import { inChild } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";

describe("waits that end together", () => {
  it("are told who is in the way by one look for the same lock, which lasts for a few ms", () => {
    const lock = new LockFile(temporaryLock());
    const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000);
    onTestFinished(() => void clock.mockRestore());
    lock.acquireSync();
    expect(lookForHolderTogether(lock.filename)).toMatchObject({ pid: process.pid });
    lock.release();
    expect(lookForHolderTogether(lock.filename)).toMatchObject({ pid: process.pid });
    expect(lookForHolder(lock.filename)).toBe("nobody");
    clock.mockReturnValue(performance.now() + 6);
    expect(lookForHolderTogether(lock.filename)).toBe("nobody");
  });

  it("do not go through all files of a holder for each of its locks", async () => {
    const directory = temporaryDirectory();
    const count = 300;
    const locks = Array.from(
      { length: count },
      (_, i) => new LockFile(join(directory, `${i}.lock`)),
    );
    for (const lock of locks) lock.acquireSync();
    onTestFinished(() => {
      for (const lock of locks) lock.release();
    });
    // What the library takes of Node.js it takes when it is loaded.
    const counting = `
      import fs from "node:fs";
      const { statSync } = fs;
      globalThis.looks = 0;
      fs.statSync = (path, ...rest) => {
        if (/^\\/proc\\/\\d+\\/fd\\//.test(path)) globalThis.looks++;
        return statSync(path, ...rest);
      };`;
    const script = `
      const waits = Array.from({ length: ${count} }, (_, i) =>
        new LockFile(args[0] + "/" + i + ".lock").acquire({ timeout: 1 }).catch(({ code, holder }) => [code, holder?.pid]));
      const outcomes = (await Promise.all(waits)).map(String);
      tell({ outcomes: [...new Set(outcomes)], looks: globalThis.looks });
    `;
    const seen = await inChild<{ looks: number }>(script, {
      args: [directory],
      nodeOptions: ["--import", `data:text/javascript,${encodeURIComponent(counting)}`],
    });
    expect(seen).toMatchObject({ outcomes: [`LOCK_TIMEOUT,${process.pid}`] });
    expect(seen.looks).toBeGreaterThan(count);
    expect(seen.looks).toBeLessThan(10 * count);
  });
});
