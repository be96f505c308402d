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
    const start = performance.now();
    const clock = vi.spyOn(performance, "now").mockReturnValue(start + 10);
    onTestFinished(() => void clock.mockRestore());
    const look = (since: number) => lookForHolderTogether(lock.filename, since);
    lock.acquireSync();
    expect(look(start)).toMatchObject({ pid: process.pid });
    lock.release();
    expect(look(start)).toMatchObject({ pid: process.pid });
    // For a wait that began after it, and for who does not wait, it is too old.
    clock.mockReturnValue(start + 12);
    expect(look(start + 11)).toBe("nobody");
    lock.acquireSync();
    expect(look(start)).toBe("nobody");
    expect(lookForHolder(lock.filename)).toMatchObject({ pid: process.pid });
    clock.mockReturnValue(start + 16);
    expect(look(start)).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it("do not go through all files of a holder for each of its locks", async () => {
    const count = 300;
    const script = `
      const waits = all.map((lock) => lock.acquire({ timeout: 1 }).catch(({ code, holder }) => [code, holder?.pid]));
      const outcomes = (await Promise.all(waits)).map(String);
      tell({ outcomes: [...new Set(outcomes)], files: globalThis.files, locks: globalThis.locks });
    `;
    const seen = await waitForAll(count, script);
    expect(seen).toMatchObject({ outcomes: [`LOCK_TIMEOUT,${process.pid}`] });
    // Another file may be on a file system that hangs.
    expect(seen.files).toBeLessThan(3 * count);
    expect(seen.locks).toBeGreaterThan(count);
    expect(seen.locks).toBeLessThan(10 * count);
  });

  it("do not ask each who waits anywhere for whom it waits, though this thread holds another lock", async () => {
    const count = 60;
    const script = `
      const own = new LockFile(args[0] + "/own.lock");
      own.acquireSync();
      const end = new AbortController();
      const long = all.slice(${count / 2}).map((lock) => lock.acquire({ wait: true, signal: end.signal }));
      const children = "/proc/self/task/" + process.pid + "/children";
      while (fs.readFileSync(children, "latin1").split(" ").length <= ${count / 2}) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      globalThis.commands = 0;
      const short = Array.from({ length: 10 * ${count} }, (_, i) => new LockFile(all[i % ${count / 2}].filename));
      const waits = short.map((lock) => lock.acquire({ timeout: 1 }).catch(({ code, circle }) => [code, circle]));
      const outcomes = (await Promise.all(waits)).map(String);
      end.abort();
      await Promise.allSettled(long);
      tell({ outcomes: [...new Set(outcomes)], commands: globalThis.commands });
    `;
    const seen = await waitForAll(count, script);
    expect(seen).toMatchObject({ outcomes: ["LOCK_TIMEOUT,"] });
    expect(seen.commands).toBeGreaterThan(0);
    expect(seen.commands).toBeLessThan(10 * count);
  });
});

/** Runs a script in a child that counts what it asks of processes, for `all` locks of this process. */
function waitForAll(
  count: number,
  script: string,
): Promise<{ readonly files: number; readonly locks: number; readonly commands: number }> {
  const directory = temporaryDirectory();
  const paths = Array.from({ length: count }, (_, i) => join(directory, `${i}.lock`));
  const locks = paths.map((path) => new LockFile(path));
  for (const lock of locks) lock.acquireSync();
  onTestFinished(() => {
    for (const lock of locks) lock.release();
  });
  // What the library takes of Node.js it takes when it is loaded.
  const counting = `
    import fs from "node:fs";
    globalThis.files = 0;
    globalThis.locks = 0;
    globalThis.commands = 0;
    for (const name of ["statSync", "openSync", "readFileSync"]) {
      const call = fs[name];
      fs[name] = (path, ...rest) => {
        if (/^\\/proc\\/\\d+\\/fd\\//.test(path)) globalThis.files++;
        if (/^\\/proc\\/\\d+\\/fdinfo\\//.test(path)) globalThis.locks++;
        if (/^\\/proc\\/\\d+\\/cmdline$/.test(path)) globalThis.commands++;
        return call(path, ...rest);
      };
    }`;
  const all = `const all = ${JSON.stringify(paths)}.map((path) => new LockFile(path));\n`;
  return inChild(all + script, {
    args: [directory],
    nodeOptions: ["--import", `data:text/javascript,${encodeURIComponent(counting)}`],
  });
}
