import { spawnSync } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { linkSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { barman, ServerBackupLock, ServerXLOGDBLock } from "../../generated/index.js";
import {
  acquireAll,
  acquireAllSync,
  CHANNELS,
  LockFile,
  type LockFileOptions,
  type SeveralOptions,
  withLocks,
} from "../../src/index.js";
import {
  CatalogueLock,
  call,
  OrderLock,
  ReportLock,
  StockLock,
  shop,
} from "../codegen/golden/ordered-locks/generated/index.js";
import { isPending, until, within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";

/** Locks of files `a`, `b`… of one directory, which is their order. */
function locksOf(count: number, options?: LockFileOptions): LockFile[] {
  const directory = temporaryDirectory();
  return Array.from(
    { length: count },
    (_, at) => new LockFile(join(directory, "abcdefghij".charAt(at)), options),
  );
}

/** The lock that a test has locked out, and its holder in this process. */
function holderOf(lock: LockFile | undefined): LockFile {
  const holder = new LockFile(lock?.filename ?? "");
  holder.acquireSync();
  onTestFinished(() => holder.release());
  return holder;
}

/** Which of the locks anybody holds, as flock(1) sees it. */
function heldOf(locks: readonly LockFile[]): boolean[] {
  return locks.map(({ filename }) => spawnSync("flock", ["-n", filename, "true"]).status !== 0);
}

/** A message of a channel. */
interface Message {
  readonly path: string;
  readonly timeout?: number;
}

/** The messages of a channel from now on. */
function recorded(channel: keyof typeof CHANNELS): readonly Message[] {
  const messages: Message[] = [];
  const listener = (message: unknown): void => void messages.push(message as Message);
  subscribe(CHANNELS[channel], listener);
  onTestFinished(() => void unsubscribe(CHANNELS[channel], listener));
  return messages;
}

/** The names of the files whose locks were taken since, and released since. */
function steps(): { readonly taken: string; readonly released: string } {
  const [taken, released] = [recorded("acquired"), recorded("released")];
  const names = (messages: readonly Message[]): string =>
    messages.map(({ path }) => basename(path)).join(" ");
  return {
    get taken() {
      return names(taken);
    },
    get released() {
      return names(released);
    },
  };
}

/** Takes locks and releases them again. @returns `true` if it had them, `null` if not. */
type Take = (locks: readonly LockFile[], options?: SeveralOptions) => Promise<boolean | null>;

/** The ways to take several locks. */
const WAYS: readonly (readonly [string, Take])[] = [
  ["withLocks", (locks, options) => withLocks(locks, (locked) => locked || null, options)],
  [
    "acquireAll",
    async (locks, options) => {
      await using set = await acquireAll(locks, options);
      return set?.held ?? null;
    },
  ],
  [
    "acquireAllSync",
    async (locks, options) => {
      using set = acquireAllSync(locks, options);
      return set?.held ?? null;
    },
  ],
];

describe.each(WAYS)("%s", (_name, take) => {
  it("takes all in their order, whatever that of the arguments, and releases them in reverse", async () => {
    const [a, b, c, d] = locksOf(4) as [LockFile, LockFile, LockFile, LockFile];
    const seen = steps();
    expect(await take([c, a, d, b])).toBe(true);
    expect(seen).toEqual({ taken: "a b c d", released: "d c b a" });
    expect(heldOf([a, b, c, d])).toEqual([false, false, false, false]);
  });

  it.each([0, 1, 2, 3])(
    "holds none if lock %i of four is busy, and names it and its holder",
    async (at) => {
      const locks = locksOf(4);
      const holder = holderOf(locks[at]);
      await expect(take([...locks].reverse())).rejects.toMatchObject({
        code: "LOCK_BUSY",
        path: holder.filename,
        holder: { pid: process.pid },
      });
      expect(heldOf(locks)).toEqual(locks.map((_lock, index) => index === at));
      expect(locks.map(({ held }) => held)).toEqual([false, false, false, false]);
      holder.release();
      expect(await take(locks)).toBe(true);
    },
  );

  it("gives nothing, and holds none, if one is busy and raiseIfFail is false", async () => {
    const locks = locksOf(3);
    const holder = holderOf(locks[2]);
    expect(await take(locks, { raiseIfFail: false })).toBe(null);
    expect(heldOf(locks)).toEqual([false, false, true]);
    holder.release();
    expect(await take(locks, { raiseIfFail: false })).toBe(true);
  });

  it("throws if one is busy, though the constructor of one alone would not", async () => {
    const locks = locksOf(2, { raiseIfFail: false });
    holderOf(locks[1]);
    await expect(take(locks)).rejects.toMatchObject({ code: "LOCK_BUSY" });
  });

  it("throws the system's own error of the one that fails, also if raiseIfFail is false", async () => {
    const [a] = locksOf(1) as [LockFile];
    // By its name the later one.
    const missing = new LockFile(join(temporaryDirectory(), "missing", "b"));
    const options = { raiseIfFail: false };
    await expect(take([missing, a], options)).rejects.toMatchObject({
      code: "ENOENT",
      path: missing.filename,
    });
    expect(heldOf([a])).toEqual([false]);
  });

  it("takes a file once: by the same object, by another one, and by every path", async () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, "real"));
    symlinkSync(join(root, "real"), join(root, "link"));
    const a = new LockFile(join(root, "real", "a"));
    const linked = new LockFile(join(root, "link", "a"));
    writeFileSync(a.filename, "");
    linkSync(a.filename, join(root, "real", "hard"));
    const hard = new LockFile(join(root, "real", "hard"));
    const twin = new LockFile(a.filename);
    const b = new LockFile(join(root, "real", "b"));
    const seen = steps();
    expect(await take([b, a, linked, hard, a, twin, b])).toBe(true);
    expect(seen).toEqual({ taken: "a b", released: "b a" });
    expect(heldOf([a, b, hard])).toEqual([false, false, false]);
  });

  it("is alone with a file that is named twice, once to be shared", async () => {
    const [a] = locksOf(1) as [LockFile];
    const reader = new LockFile(a.filename, { mode: "shared" });
    const other = new LockFile(a.filename, { mode: "shared" });
    other.acquireSync();
    for (const locks of [
      [a, reader],
      [reader, a],
    ]) {
      await expect(take(locks)).rejects.toMatchObject({ code: "LOCK_BUSY" });
    }
    // By its kind the later one.
    const kind = new ServerBackupLock(dirname(a.filename), "main");
    const earlier = new LockFile(kind.filename, { mode: "shared" });
    const beside = new LockFile(kind.filename, { mode: "shared" });
    beside.acquireSync();
    await expect(take([earlier, kind])).rejects.toMatchObject({ code: "LOCK_BUSY" });
    expect(await take([reader, earlier])).toBe(true);
    for (const lock of [other, beside]) lock.release();
    expect(await take([reader, a, earlier, kind])).toBe(true);
  });

  it("leaves a lock to an object that holds it already", async () => {
    const [a, b, c] = locksOf(3) as [LockFile, LockFile, LockFile];
    b.acquireSync();
    expect(await take([a, b, c])).toBe(true);
    expect(await take([new LockFile(b.filename), b])).toBe(true);
    expect(heldOf([a, b, c])).toEqual([false, true, false]);
    holderOf(c);
    await expect(take([a, b, c])).rejects.toMatchObject({ code: "LOCK_BUSY", path: c.filename });
    expect(heldOf([a, b, c])).toEqual([false, true, true]);
    b.release();
  });

  it("takes no lock at all if the arguments cannot be meant", async () => {
    const [a] = locksOf(1) as [LockFile];
    const shared = new ServerBackupLock(temporaryDirectory(), "main");
    const seen = steps();
    await expect(take([a], { timeout: -1 })).rejects.toThrow(RangeError);
    await expect(take([a, shared], { mode: "shared" })).rejects.toThrow(
      /a ServerBackupLock is exclusive/,
    );
    await expect(take([a, {} as LockFile])).rejects.toThrow(
      /^element 1 of the first argument of \w+\(\) must be a lock, and is an object of class Object$/,
    );
    await expect(take(a as unknown as LockFile[])).rejects.toThrow(/must be an array of locks/);
    expect(seen).toEqual({ taken: "", released: "" });
    expect(await take([])).toBe(true);
  });

  it("waits for all of them for one time together, and says how long that was", async () => {
    const locks = locksOf(3);
    const last = await heldByFlock(locks[2]?.filename ?? "");
    const start = performance.now();
    const error = await take(locks, { timeout: 300 }).catch((caught: unknown) => caught);
    const waited = performance.now() - start;
    expect(error).toMatchObject({
      code: "LOCK_TIMEOUT",
      path: locks[2]?.filename,
      holder: { pid: last.pid },
    });
    const [, said] = /still busy after (\d+) ms/.exec(String(error)) ?? [];
    expect(Number(said)).toBeGreaterThanOrEqual(299);
    expect(Number(said)).toBeLessThanOrEqual(Math.ceil(waited));
    expect(heldOf(locks)).toEqual([false, false, true]);
  });
});

describe.each(WAYS.slice(0, 2))("%s, asynchronously", (_name, take) => {
  it("spends of its time what earlier locks have left", async () => {
    const [a, b] = locksOf(2) as [LockFile, LockFile];
    const first = holderOf(a);
    holderOf(b);
    const waits = recorded("wait");
    const result = take([a, b], { timeout: 1500 }).catch((caught: unknown) => caught);
    await until("it waits", () => waits.length > 0);
    await sleep(300);
    first.release();
    const error = await result;
    expect(error).toMatchObject({ code: "LOCK_TIMEOUT", path: b.filename });
    expect(waits.map(({ path }) => path)).toEqual([a.filename, b.filename]);
    const [longest = 0, left = 0] = waits.map(({ timeout }) => timeout ?? 0);
    expect(longest).toBeLessThanOrEqual(1500);
    expect(left).toBeLessThanOrEqual(longest - 299);
    // The whole time, and not that of the last lock.
    const [, said] = /still busy after (\d+) ms/.exec(String(error)) ?? [];
    expect(Number(said)).toBeGreaterThanOrEqual(1499);
    expect(heldOf([a, b])).toEqual([false, true]);
  });

  it("waits for the kinds that wait, and not for the others", async () => {
    const directory = temporaryDirectory();
    const backup = new ServerBackupLock(directory, "main");
    const xlogdb = new ServerXLOGDBLock(directory, "main");
    const slow = holderOf(xlogdb);
    const result = take([xlogdb, backup]);
    await until("it waits", () => backup.held);
    expect(await isPending(result)).toBe(true);
    slow.release();
    expect(await within(20_000, "the grant", result)).toBe(true);
    holderOf(backup);
    await expect(take([xlogdb, backup])).rejects.toMatchObject({ code: "LOCK_BUSY" });
  });

  it("ends with the reason of its signal, and holds none", async () => {
    const [a, b, c] = locksOf(3) as [LockFile, LockFile, LockFile];
    holderOf(b);
    const controller = new AbortController();
    const options = { wait: true, signal: controller.signal };
    const result = take([c, b, a], options);
    result.catch(() => {});
    await until("it waits", () => a.held);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(heldOf([a, b, c])).toEqual([false, true, false]);
    await expect(take([a, c], options)).rejects.toBe(reason);
    await expect(take([], options)).rejects.toBe(reason);
  });

  it("tells which lock it waits for, and whom", async () => {
    const [a, b] = locksOf(2) as [LockFile, LockFile];
    const holder = holderOf(b);
    const told: [string, number | undefined][] = [];
    const options = {
      wait: true,
      onWait: (waiting: { holder: { pid: number } | null }, lock: LockFile) => {
        told.push([lock.filename, waiting.holder?.pid]);
      },
    };
    const result = take([a, b], options);
    await until("told", () => told.length > 0);
    holder.release();
    expect(await within(20_000, "the grant", result)).toBe(true);
    expect(told[0]).toEqual([b.filename, process.pid]);
  });

  it("does not go on without a lock that was released while it waited for the next", async () => {
    const [a, b] = locksOf(2) as [LockFile, LockFile];
    for (const raiseIfFail of [true, false]) {
      const holder = holderOf(b);
      const result = take([a, b], { wait: true, raiseIfFail }).catch((error: unknown) => error);
      await until("it waits", () => a.held);
      a.release();
      holder.release();
      const seen = await within(20_000, "the end", result);
      if (raiseIfFail) expect(seen).toMatchObject({ code: "LOCK_RELEASED", path: a.filename });
      else expect(seen).toBe(null);
      expect(heldOf([a, b])).toEqual([false, false]);
    }
  });
});

describe("acquireAll", () => {
  it("that fails leaves the hold that another acquire of an object took while both waited", async () => {
    const [first, last] = locksOf(2) as [LockFile, LockFile];
    const holder = holderOf(first);
    holderOf(last);
    const acquired = first.acquire({ wait: true });
    const set = acquireAll([first, last], { timeout: 1000 });
    expect(await isPending(set)).toBe(true);
    holder.release();
    expect(await acquired).toBe(true);
    await expect(set).rejects.toMatchObject({ code: "LOCK_TIMEOUT", path: last.filename });
    expect(first.held).toBe(true);
    first.release();
  });
});

describe("acquireAllSync", () => {
  it("that fails leaves the hold that a subscriber has taken while it waited", () => {
    const [first, last] = locksOf(2) as [LockFile, LockFile];
    const holder = holderOf(first);
    holderOf(last);
    const listener = (): void => {
      unsubscribe(CHANNELS.wait, listener);
      holder.release();
      first.acquireSync();
    };
    subscribe(CHANNELS.wait, listener);
    expect(() => acquireAllSync([first, last], { wait: true })).toThrow(
      expect.objectContaining({ code: "LOCK_DEADLOCK", path: last.filename }),
    );
    expect(first.held).toBe(true);
    first.release();
  });
});

describe("withLocks", () => {
  it("gives what the function gives, and holds all for as long as it runs", async () => {
    const locks = locksOf(3);
    const seen = await withLocks(locks, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return heldOf(locks);
    });
    expect(seen).toEqual([true, true, true]);
    expect(heldOf(locks)).toEqual([false, false, false]);
  });

  it.each([
    ["rejects", () => Promise.reject(new RangeError("inside"))],
    [
      "throws",
      () => {
        throw new RangeError("inside");
      },
    ],
  ])("releases all if the function %s, and throws the same", async (_how, fn) => {
    const locks = locksOf(2);
    await expect(withLocks(locks, fn)).rejects.toThrow(new RangeError("inside"));
    expect(heldOf(locks)).toEqual([false, false]);
  });

  it("runs the function with false and under no lock, if one is busy and raiseIfFail is false", async () => {
    const locks = locksOf(3);
    holderOf(locks[2]);
    const seen = await withLocks(locks, (locked) => [locked, ...heldOf(locks)], {
      raiseIfFail: false,
    });
    expect(seen).toEqual([false, false, false, true]);
  });

  it("throws what the function throws that was told that it has no lock", async () => {
    const locks = locksOf(2);
    holderOf(locks[1]);
    const fn = (): never => {
      throw new RangeError("inside");
    };
    await expect(withLocks(locks, fn, { raiseIfFail: false })).rejects.toThrow(RangeError);
  });

  it("called many times on the same objects runs one function at a time", async () => {
    const locks = locksOf(3, { wait: true });
    let running = 0;
    let most = 0;
    const calls = Array.from({ length: 20 }, (_, at) =>
      withLocks(at % 2 === 0 ? locks : [...locks].reverse(), async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      }),
    );
    await within(20_000, "all calls", Promise.all(calls));
    expect([most, running]).toEqual([1, 0]);
  });

  it("rejects with LockLost if a file was replaced meanwhile, and names all that were", async () => {
    const [a, b, c] = locksOf(3) as [LockFile, LockFile, LockFile];
    const lose = (lock: LockFile): void => renameSync(lock.filename, `${lock.filename}.old`);
    await expect(withLocks([a, b, c], () => lose(b))).rejects.toMatchObject({
      code: "LOCK_LOST",
      path: b.filename,
    });
    const error = await withLocks([a, b, c], () => [a, c].forEach(lose)).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({
      code: "LOCK_LOST",
      path: a.filename,
      cause: { errors: [{ code: "LOCK_LOST", path: c.filename }] },
    });
    const fails = (): never => {
      lose(a);
      throw new RangeError("inside");
    };
    await expect(withLocks([a, b, c], fails)).rejects.toThrow(new RangeError("inside"));
    expect(heldOf([a, b, c])).toEqual([false, false, false]);
  });

  it("refuses what is no function before it takes a lock", async () => {
    const locks = locksOf(1);
    const notOne = undefined as unknown as () => void;
    await expect(withLocks(locks, notOne)).rejects.toThrow(
      "the second argument of withLocks() must be a function, and is undefined",
    );
    expect(readdirSync(join(locks[0]?.filename ?? "", ".."))).toEqual([]);
  });
});

describe("a set of locks", () => {
  it("holds its locks until it is released, which it may be twice", async () => {
    const locks = locksOf(3);
    const set = await acquireAll([...locks].reverse());
    expect(set.locks).toEqual([...locks].reverse());
    expect([set.held, set.isCurrent()]).toEqual([true, true]);
    expect(heldOf(locks)).toEqual([true, true, true]);
    set.release();
    expect([set.held, set.isCurrent()]).toEqual([false, false]);
    expect(heldOf(locks)).toEqual([false, false, false]);
    set.release();
    expect(heldOf(locks)).toEqual([false, false, false]);
  });

  it("is released at the end of its block", async () => {
    const locks = locksOf(2);
    {
      using _set = acquireAllSync(locks);
      expect(heldOf(locks)).toEqual([true, true]);
    }
    expect(heldOf(locks)).toEqual([false, false]);
    {
      await using _set = await acquireAll(locks);
      expect(heldOf(locks)).toEqual([true, true]);
    }
    expect(heldOf(locks)).toEqual([false, false]);
  });

  it("says if one of its files was replaced", () => {
    const [a, b] = locksOf(2) as [LockFile, LockFile];
    using set = acquireAllSync([a, b]);
    renameSync(b.filename, `${b.filename}.old`);
    expect([set.held, set.isCurrent()]).toEqual([true, false]);
  });

  it("never waits for a lock that this thread holds", () => {
    const locks = locksOf(2);
    holderOf(locks[1]);
    expect(() => acquireAllSync(locks, { wait: true })).toThrow(
      expect.objectContaining({ code: "LOCK_DEADLOCK", path: locks[1]?.filename }),
    );
    expect(heldOf(locks)).toEqual([false, true]);
  });
});

describe("a catalogue", () => {
  it("takes several of its locks", async () => {
    const directory = temporaryDirectory();
    const locks = [
      new ServerXLOGDBLock(directory, "main"),
      new ServerBackupLock(directory, "main"),
    ] as const;
    const seen = steps();
    expect(await barman.withLocks(locks, (locked) => [locked, ...heldOf(locks)])).toEqual([
      ...[true, true, true],
    ]);
    (await barman.acquireAll(locks)).release();
    barman.acquireAllSync(locks).release();
    const [one, other] = [".main-backup.lock", ".main-xlogdb.lock"];
    expect(seen).toEqual({
      taken: [one, other, one, other, one, other].join(" "),
      released: [other, one, other, one, other, one].join(" "),
    });
    const holder = holderOf(locks[0]);
    const quiet = { raiseIfFail: false, wait: false };
    expect(await barman.acquireAll(locks, quiet)).toBe(null);
    expect(barman.acquireAllSync(locks, quiet)).toBe(null);
    expect(await barman.withLocks(locks, (locked) => locked, quiet)).toBe(false);
    holder.release();
  });

  it("takes them in the order that it declares", async () => {
    const directory = temporaryDirectory();
    const locks = [
      new call(directory),
      new StockLock(directory),
      new OrderLock(directory, "acme"),
      new CatalogueLock(directory),
      new ReportLock(directory),
    ];
    const seen = steps();
    (await shop.acquireAll(locks)).release();
    expect(seen.taken).toBe("catalogue.lock report.lock order-acme.lock stock.lock call.lock");
  });
});
