import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { barman, GlobalCronLock } from "../../generated/index.js";
import { LockFile } from "../../src/index.js";
import { temporaryDirectory } from "../support/directory.js";
import { fileAt, STEPS, TREE, walk } from "../support/trees.js";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));

it("what is listed, looked at, locked and swept is the file that the kernel finds", async () => {
  let tried = 0;
  const property = fc.asyncProperty(TREE, STEPS, fc.boolean(), async (tree, steps, isRelative) => {
    const { made, path, inode } = walk(tree, steps, isRelative);
    if (inode === null) return;
    tried++;
    const lock = new GlobalCronLock(path);
    expect(fileAt(lock.filename)).toBe(inode);
    expect(new LockFile(`${path}/.cron.lock`).filename).toBe(lock.filename);
    expect(barman.identify(`${path}/.cron.lock`)?.filename).toBe(lock.filename);

    await lock.acquire();
    const stamped = made.filter(
      (directory) => readFileSync(join(directory, ".cron.lock"), "latin1") !== "",
    );
    expect(stamped.map((directory) => fileAt(join(directory, ".cron.lock")))).toEqual([inode]);
    const [entry, ...more] = await barman.scan(path);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ state: "held", holder: { pid: process.pid } });
    expect(fileAt(entry?.path ?? "")).toBe(inode);
    expect(new GlobalCronLock(path).getOwnerPid()).toBe(process.pid);
    expect((await barman.sweep(path)).held).toHaveLength(1);
    lock.release();

    expect((await barman.sweep(path)).removed).toHaveLength(1);
    const gone = made.filter((directory) => !existsSync(join(directory, ".cron.lock")));
    expect(gone).toEqual(stamped);
  });
  console.log(`paths: SEED=${seed} repeats the random trees`);
  await fc.assert(property, { seed, numRuns: 150 });
  expect(tried).toBeGreaterThan(20);
});

it("a circle of links on the way to it is not a lock file that is a link", async () => {
  const directory = temporaryDirectory();
  symlinkSync("loop", join(directory, "loop"));
  symlinkSync("nowhere", join(directory, "x.lock"));
  const through = new LockFile(join(directory, "loop", "x.lock"));
  const link = new LockFile(join(directory, "x.lock"));
  for (const acquire of [
    (lock: LockFile) => lock.acquire(),
    async (lock: LockFile) => lock.acquireSync(),
    async (lock: LockFile) => lock.getOwnerPid(),
  ]) {
    await expect(acquire(through)).rejects.toMatchObject({
      code: "ELOOP",
      path: through.filename,
      message: expect.stringContaining("lead in a circle"),
    });
    await expect(acquire(link)).rejects.toMatchObject({
      code: "LOCK_UNSAFE",
      message: expect.stringContaining("x.lock is a symbolic link"),
    });
  }
  await expect(barman.scan(join(directory, "loop"))).rejects.toMatchObject({ code: "ELOOP" });
});
