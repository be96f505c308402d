import {
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile, LockLost } from "../../src/index.js";
import { inChild, nobodyReads } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { expectHelpful } from "./helpful.js";

/** What a clean-up, a backup tool or an administrator does to a lock file that is held. */
const LOSSES: readonly (readonly [what: string, says: RegExp, lose: (file: string) => void])[] = [
  ["removed", /was removed while the lock was held/, unlinkSync],
  ["moved away", /was removed/, (file) => renameSync(file, `${file}.old`)],
  [
    "replaced",
    /was replaced/,
    (file) => {
      writeFileSync(`${file}.new`, "");
      renameSync(`${file}.new`, file);
    },
  ],
  [
    "removed and made anew",
    /was replaced/,
    (file) => {
      unlinkSync(file);
      writeFileSync(file, "");
    },
  ],
  [
    "removed, with another link left",
    /was removed/,
    (file) => {
      linkSync(file, `${file}.link`);
      unlinkSync(file);
    },
  ],
  [
    "removed, and a symbolic link to it put in its place",
    /was replaced/,
    (file) => {
      renameSync(file, `${file}.old`);
      symlinkSync(`${file}.old`, file);
    },
  ],
  [
    "removed with its directory",
    /was removed/,
    (file) => rmSync(dirname(file), { recursive: true }),
  ],
  [
    "removed with its directory, which is made anew",
    /was removed/,
    (file) => {
      rmSync(dirname(file), { recursive: true });
      mkdirSync(dirname(file));
    },
  ],
  [
    "in a directory that is replaced by a file",
    /cannot be seen any more \(ENOTDIR/,
    (file) => {
      rmSync(dirname(file), { recursive: true });
      writeFileSync(dirname(file), "");
    },
  ],
];

function newFile(): string {
  const directory = join(temporaryDirectory(), "locks");
  mkdirSync(directory);
  return join(directory, "x.lock");
}

describe("a lock whose file was", () => {
  it.each(LOSSES)("%s makes its withLock reject, after the function", async (_what, says, lose) => {
    const file = newFile();
    for (const [lock, options] of [
      [new LockFile(file), {}],
      [new LockFile(file), { raiseIfFail: false, updatePid: false }],
    ] as const) {
      mkdirSync(dirname(file), { recursive: true });
      let isOver = false;
      const error = await lock
        .withLock(async () => {
          expect(lock.isCurrent()).toBe(true);
          lose(file);
          expect([lock.held, lock.isCurrent()]).toEqual([true, false]);
          await null;
          isOver = true;
          return "done";
        }, options)
        .catch((reason: unknown) => reason);
      expect(isOver).toBe(true);
      expect(error).toBeInstanceOf(LockLost);
      expect(error).toMatchObject({ code: "LOCK_LOST", path: file, name: "LockLost" });
      expect((error as LockLost).message).toMatch(says);
      expect((error as LockLost).message).toMatch(/Undo or check what was done under it/);
      expect([lock.held, lock.isCurrent()]).toEqual([false, false]);
      rmSync(dirname(file), { recursive: true, force: true });
    }
  });

  it.each(LOSSES)(
    "%s makes the next acquire throw, until it is released",
    async (_what, says, lose) => {
      const file = newFile();
      const lock = new LockFile(file);
      await lock.acquire();
      expect([await lock.acquire(), lock.acquireSync(), lock.isCurrent()]).toEqual([
        true,
        true,
        true,
      ]);
      lose(file);
      const lost = { code: "LOCK_LOST", path: file, message: expect.stringMatching(says) };
      for (const options of [{}, { raiseIfFail: false }, { wait: true }]) {
        await expect(lock.acquire(options)).rejects.toMatchObject(lost);
        expect(() => lock.acquireSync(options)).toThrow(expect.objectContaining(lost));
        await expect(lock.withLock(() => "never", options)).rejects.toMatchObject(lost);
      }
      expect(lock.held).toBe(true);
      lock.release();
      rmSync(dirname(file), { recursive: true, force: true });
      mkdirSync(dirname(file));
      expect(await lock.acquire()).toBe(true);
      expect(lock.isCurrent()).toBe(true);
      lock.release();
    },
  );

  it("replaced is held by another process meanwhile, and no call says that it is ours", async () => {
    const file = newFile();
    const lock = new LockFile(file);
    const beside = lock.withLock(async () => {
      rmSync(dirname(file), { recursive: true });
      mkdirSync(dirname(file));
      const peer = await Peer.holding(file);
      expect(lock.isCurrent()).toBe(false);
      await expect(lock.acquire()).rejects.toMatchObject({ code: "LOCK_LOST" });
      return peer;
    });
    const error = await beside.catch((reason: unknown) => reason);
    expectHelpful(error, {
      name: "LockLost",
      code: "LOCK_LOST",
      path: file,
      lock: "LockFile",
      says: [/another process may hold it as well/, /find out who cleans up/, /release it first/],
    });
  });

  it("replaced between acquire and release of its object makes a withLock in between reject", async () => {
    const file = newFile();
    const lock = new LockFile(file);
    await lock.acquire();
    await expect(lock.withLock(() => unlinkSync(file))).rejects.toMatchObject({
      code: "LOCK_LOST",
    });
    expect(lock.held).toBe(true);
    lock.release();
  });

  it("replaced hides no error of the function", async () => {
    const file = newFile();
    const lock = new LockFile(file);
    const own = new RangeError("inside");
    const failing = lock.withLock(() => {
      unlinkSync(file);
      throw own;
    });
    await expect(failing).rejects.toBe(own);
    expect(lock.held).toBe(false);
  });

  it("replaced after the function had released it was exclusive as long as it was to be", async () => {
    const file = newFile();
    const lock = new LockFile(file);
    const result = lock.withLock(() => {
      lock.release();
      unlinkSync(file);
      return "done";
    });
    expect(await result).toBe("done");
  });

  // Its change time tells as little: a snapshot by `cp -al`, which loses nothing, changes that too.
  it("moved away and back, which nothing tells from a file that stayed, is not noticed", async () => {
    const file = newFile();
    const lock = new LockFile(file);
    const result = lock.withLock(() => {
      renameSync(file, `${file}.old`);
      expect(lock.isCurrent()).toBe(false);
      renameSync(`${file}.old`, file);
      return lock.isCurrent();
    });
    expect(await result).toBe(true);
  });

  it("replaced while it was busy, and the function ran without it, is no loss", async () => {
    const file = newFile();
    using holder = new LockFile(file);
    holder.acquireSync();
    const lock = new LockFile(file, { raiseIfFail: false });
    const seen = await lock.withLock((locked) => {
      unlinkSync(file);
      return locked;
    });
    expect(seen).toBe(false);
  });
});

describe("a lock that is lost in another way", () => {
  it("by a descriptor that other code of the program closed is said to be", async () => {
    const script = `
      const lock = new LockFile(args[0]);
      const closed = await attempt(() => lock.withLock(() => {
        for (const fd of fs.readdirSync("/proc/self/fd")) {
          try {
            if (fs.readlinkSync("/proc/self/fd/" + fd) === args[0]) fs.closeSync(Number(fd));
          } catch {}
        }
      }));
      tell({ closed, held: lock.held, again: await attempt(() => lock.acquire()) });
    `;
    const file = newFile();
    expect(await inChild(script, { args: [file] })).toEqual({
      closed: expect.objectContaining({
        code: "LOCK_LOST",
        path: file,
        message: expect.stringMatching(/the descriptor of \S+ was closed by other code/),
      }),
      held: false,
      again: { value: true },
    });
  });

  it.skipIf(!nobodyReads || process.getuid?.() !== 0)(
    "by giving up the right to see it is said to be, with the reason",
    async () => {
      const script = `
        const lock = new LockFile(args[0]);
        tell(await attempt(() => lock.withLock(() => process.setuid(65534))));
      `;
      const file = newFile();
      expect(await inChild(script, { args: [file] })).toMatchObject({
        code: "LOCK_LOST",
        cause: "EACCES",
        message: expect.stringMatching(/cannot be seen any more \(EACCES/),
      });
    },
  );
});
