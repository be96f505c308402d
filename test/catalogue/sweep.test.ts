import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { barman, GlobalCronLock, ServerBackupLock } from "../../generated/index.js";
import { until } from "../support/bounded.js";
import { cli } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { hasBarman, Peer } from "../support/peer.js";
import { waitersOn } from "../support/proc-locks.js";
import { Script } from "../support/script.js";
import { tries } from "../support/tries.js";

function touch(directory: string, ...names: readonly string[]): void {
  for (const name of names) writeFileSync(join(directory, name), "");
}

describe("a sweep", () => {
  it("removes the free files of this catalogue, and no others", async () => {
    const directory = temporaryDirectory();
    touch(directory, ".cron.lock", ".main-cron.lock", "other.lock", ".cron.lock.bak", "notes");
    using held = new ServerBackupLock(directory, "main");
    held.acquireSync();
    const { removed, held: kept, notOurs, failed } = await barman.sweep(directory);
    expect(removed.map(({ kind }) => kind)).toEqual(["GlobalCronLock", "ServerCronLock"]);
    expect(kept.map(({ filename }) => filename)).toEqual([held.filename]);
    expect(notOurs).toEqual([join(directory, "other.lock")]);
    expect(failed).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual([
      ".cron.lock.bak",
      ".main-backup.lock",
      "notes",
      "other.lock",
    ]);
    expect(held.getOwnerPid()).toBe(process.pid);
  });

  it("with dryRun tells the same and removes nothing", async () => {
    const directory = temporaryDirectory();
    touch(directory, ".cron.lock", "other.lock");
    using held = new ServerBackupLock(directory, "main");
    held.acquireSync();
    const plan = await barman.sweep(directory, { dryRun: true });
    expect(readdirSync(directory)).toHaveLength(3);
    const done = await barman.sweep(directory);
    expect(paths(plan)).toEqual(paths(done));
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it("with dryRun tells the same of what is shared, waited for, not readable by name, and gone wrong", async () => {
    const directory = temporaryDirectory();
    touch(directory, ".cron.lock", ".main-archive-wal.lock");
    await heldByFlock(join(directory, ".cron.lock"), "-s");
    await heldByFlock(join(directory, ".a-cron.lock"));
    mkdirSync(join(directory, ".b-cron.lock"));
    writeFileSync(
      join(directory, ".c-cron.lock"),
      "somebody's data, and more than a stamp\n".repeat(9),
    );
    writeFileSync(Buffer.from(`${directory}/.\xff-backup.lock`, "latin1"), "");
    const plan = await barman.sweep(directory, { dryRun: true });
    const done = await barman.sweep(directory);
    expect(paths(plan)).toEqual(paths(done));
    expect(done.held.map(({ filename }) => basename(filename))).toEqual([
      ".a-cron.lock",
      ".cron.lock",
    ]);
    expect(done.removed).toHaveLength(1);
    const errors = ({ failed }: typeof done): string[] =>
      failed.map(({ error }) => String(error)).sort();
    expect(errors(plan)).toEqual(errors(done));
    expect(errors(done)).toHaveLength(3);
    expect(errors(done).join()).toContain("not UTF-8");
  });

  it.skipIf(!hasBarman)("keeps a file that Barman holds, and one it waits for", async () => {
    const directory = temporaryDirectory();
    const lock = ["ServerCronLock", directory, "main"];
    const [holder, waiter] = [Peer.barman(), Peer.barman()];
    await holder.acquire(lock);
    const file = join(directory, ".main-cron.lock");
    expect((await barman.sweep(directory)).held).toHaveLength(1);
    expect(waitersOn(file)).toEqual([]);
    const late = waiter.acquire(lock, { wait: true });
    await until("waiting", () => waitersOn(file)?.length === 1);
    await holder.release(lock);
    expect(await late).toBe(true);
    expect(waitersOn(file)).toEqual([]);
    expect((await barman.sweep(directory)).held).toHaveLength(1);
    expect(existsSync(file)).toBe(true);
    await waiter.release(lock);
    expect((await barman.sweep(directory)).removed).toHaveLength(1);
    expect(existsSync(file)).toBe(false);
  });

  it("keeps a file whose holder never stamped it", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    const flock = spawn("flock", ["-F", "-s", file, "sleep", "60"]);
    onTestFinished(() => void flock.kill("SIGKILL"));
    await until("held", () => spawnSync("flock", ["-xn", file, "true"]).status !== 0);
    expect((await barman.sweep(directory)).held).toHaveLength(1);
    expect(existsSync(file)).toBe(true);
  });

  it("leaves alone what is not a regular file, says so, and goes on", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, ".a-cron.lock"));
    writeFileSync(join(directory, "target"), "kept");
    symlinkSync(join(directory, "target"), join(directory, ".b-cron.lock"));
    spawnSync("mkfifo", [join(directory, ".c-cron.lock")]);
    touch(directory, ".z-cron.lock");
    for (const dryRun of [true, false]) {
      const { removed, failed } = await barman.sweep(directory, { dryRun });
      expect(removed.map(({ filename }) => filename)).toEqual([join(directory, ".z-cron.lock")]);
      expect(failed.map(({ error }) => error)).toEqual(
        ["a directory", "a symbolic link", "a FIFO"].map((type) =>
          expect.objectContaining({
            code: "LOCK_UNSAFE",
            message: expect.stringContaining(`is ${type}, not a regular file`),
          }),
        ),
      );
    }
    expect(readdirSync(directory)).toHaveLength(4);
  });

  it("keeps a file that holds what no lock program wrote, and says so", async () => {
    const directory = temporaryDirectory();
    const data = `# yarn lockfile v1\n${"left-pad@^1.3.0:\n".repeat(9)}`;
    writeFileSync(join(directory, ".yarn-cron.lock"), data);
    writeFileSync(join(directory, ".nul-cron.lock"), "1\0\n");
    writeFileSync(join(directory, ".barman-cron.lock"), "4711\n");
    writeFileSync(join(directory, ".garbled-cron.lock"), "locked by main\n");
    for (const dryRun of [true, false]) {
      const { removed, failed } = await barman.sweep(directory, { dryRun });
      expect(removed.map(({ filename }) => filename)).toEqual([
        join(directory, ".barman-cron.lock"),
        join(directory, ".garbled-cron.lock"),
      ]);
      expect(failed.map(({ error }) => error)).toEqual([
        expect.objectContaining({
          code: "LOCK_FAILED",
          message: expect.stringContaining(".nul-cron.lock is kept: it holds 3 bytes"),
        }),
        expect.objectContaining({
          code: "LOCK_FAILED",
          path: join(directory, ".yarn-cron.lock"),
          message: expect.stringMatching(/holds \d+ bytes that no lock program wrote/),
        }),
      ]);
    }
    expect(readFileSync(join(directory, ".yarn-cron.lock"), "latin1")).toBe(data);
    expect(readdirSync(directory).sort()).toEqual([".nul-cron.lock", ".yarn-cron.lock"]);
  });

  it("keeps the mode that somebody gave a file, as a new one would have another", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    touch(directory, ".cron.lock");
    chmodSync(file, 0o660);
    for (const dryRun of [true, false]) {
      const { removed, failed } = await barman.sweep(directory, { dryRun });
      expect(removed).toEqual([]);
      expect(failed).toEqual([
        {
          lock: expect.objectContaining({ kind: "GlobalCronLock" }),
          error: expect.objectContaining({
            code: "LOCK_FAILED",
            path: file,
            message: expect.stringMatching(/is kept: it has mode 0660, so that others may lock it/),
          }),
        },
      ]);
    }
    expect(lstatSync(file).mode & 0o7777).toBe(0o660);
    // That all may read it lets nobody lock it.
    chmodSync(file, 0o644);
    expect((await barman.sweep(directory)).removed).toHaveLength(1);
  });

  it("writes nothing into the file that it removes", async () => {
    const directory = temporaryDirectory();
    const file = join(directory, ".cron.lock");
    writeFileSync(file, "4711\n");
    linkSync(file, join(directory, "witness"));
    const before = lstatSync(file).mtimeMs;
    expect((await barman.sweep(directory)).removed).toHaveLength(1);
    expect(readFileSync(join(directory, "witness"), "latin1")).toBe("4711\n");
    expect(lstatSync(join(directory, "witness")).mtimeMs).toBe(before);
  });

  it("beside another never gives a lock two holders, and creates no file", async () => {
    const directory = temporaryDirectory();
    const contenders = Array.from(
      { length: 3 },
      () =>
        new Script(`
          import fs from "node:fs";
          import { GlobalCronLock } from "lock-catalogue/barman";
          const lock = new GlobalCronLock(${JSON.stringify(directory)});
          const witness = ${JSON.stringify(join(directory, "witness"))};
          for (let i = 0; i < ${tries(400)}; i++) {
            await lock.acquire({ wait: true });
            fs.closeSync(fs.openSync(witness, "wx"));
            if (i % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
            fs.unlinkSync(witness);
            lock.release();
          }
          console.log("fine");
        `),
    );
    // A second sweeper: what one has opened, the other may have removed, and a contender made anew.
    const sweeper = new Script(`
      import { barman } from "lock-catalogue/barman";
      for (;;) await barman.sweep(${JSON.stringify(directory)});
    `);
    let over = false;
    const all = Promise.all(contenders.map((contender) => contender.end())).finally(() => {
      over = true;
    });
    let removed = 0;
    while (!over) removed += (await barman.sweep(directory)).removed.length;
    expect(await all).toEqual(contenders.map(() => ({ code: 0, signal: null })));
    expect(removed).toBeGreaterThan(0);
    sweeper.child.kill("SIGKILL");
    await sweeper.end();
    await barman.sweep(directory);
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("lock-catalogue sweep", () => {
  it("tells with --dry-run what it would remove, and without it removes just that", async () => {
    const directory = temporaryDirectory();
    touch(directory, ".cron.lock", "a\x1b[31m.lock");
    using held = new ServerBackupLock(directory, "main");
    held.acquireSync();
    const rest = `held: ${held.filename}\nnot ours: ${directory}/a\\x1b[31m.lock\n`;
    expect(await cli("sweep", directory, "--dry-run")).toEqual({
      code: 0,
      err: "",
      out: `would remove ${directory}/.cron.lock\n${rest}1 to remove, 1 held, 1 not ours, 0 failed.\n`,
    });
    expect(await cli("sweep", directory)).toEqual({
      code: 0,
      err: "",
      out: `removed ${directory}/.cron.lock\n${rest}1 removed, 1 held, 1 not ours, 0 failed.\n`,
    });
    expect(await cli("sweep", directory)).toMatchObject({
      code: 0,
      out: `${rest}0 removed, 1 held, 1 not ours, 0 failed.\n`,
    });
  });

  it("prints the same as JSON, and exits 1 where something could not be removed", async () => {
    const directory = temporaryDirectory();
    touch(directory, ".cron.lock");
    const file = new GlobalCronLock(directory).filename;
    mkdirSync(join(directory, ".main-cron.lock"));
    const { code, out, err } = await cli("sweep", directory, "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      removed: [file],
      held: [],
      notOurs: [],
      failed: [
        {
          path: join(directory, ".main-cron.lock"),
          reason: expect.stringContaining("is a directory"),
        },
      ],
    });
    expect(err).toMatch(/^lock-catalogue: .*\.main-cron\.lock is a directory, not a regular file/);
  });

  it("exits 2 where there is no such directory", async () => {
    expect(await cli("sweep", "/nowhere")).toEqual({
      code: 2,
      out: "",
      err: "lock-catalogue: there is no directory /nowhere\n",
    });
  });
});

function paths({ removed, held, notOurs }: Awaited<ReturnType<typeof barman.sweep>>) {
  return [removed.map(({ filename }) => filename), held.map(({ filename }) => filename), notOurs];
}
