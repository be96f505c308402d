import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { GlobalCronLock } from "../../generated/index.js";
import { Catalogue, LockFile } from "../../src/index.js";
import { isRoot, nobodyReads } from "../support/child.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { canLock, Foreign, hasFlock } from "../support/foreign.js";
import { hasBarman, Peer } from "../support/peer.js";
import { scriptOn } from "../support/script.js";

const SHARED = { mode: "shared" } as const;

/** Objects that share a lock until the test ends. */
async function readers(file: string, count: number): Promise<LockFile[]> {
  const locks = Array.from({ length: count }, () => new LockFile(file, SHARED));
  onTestFinished(() => {
    for (const lock of locks) lock.release();
  });
  for (const lock of locks) expect(await lock.acquire()).toBe(true);
  return locks;
}

describe("a shared lock", () => {
  it("is held by many, and keeps out who wants it alone until the last has released it", async () => {
    const file = temporaryLock();
    const peer = Peer.ours();
    await peer.acquire([file], SHARED);
    const locks = await readers(file, 6);
    const writer = new LockFile(file);
    for (const reader of locks) {
      await expect(writer.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
      expect(writer.acquireSync({ raiseIfFail: false })).toBe(false);
      reader.release();
    }
    await expect(writer.acquire()).rejects.toMatchObject({ holder: { pid: peer.pid } });
    await peer.release([file]);
    expect(await writer.acquire()).toBe(true);
    await expect(peer.acquire([file], SHARED)).rejects.toMatchObject({ code: "LOCK_BUSY" });
    writer.release();
  });

  it("is withLock's for as long as it runs", async () => {
    const file = temporaryLock();
    const [one, two] = [new LockFile(file), new LockFile(file)];
    const both = await one.withLock(() => two.withLock(() => [one.held, two.held], SHARED), SHARED);
    expect(both).toEqual([true, true]);
    expect([one.held, two.held]).toEqual([false, false]);
  });

  it.skipIf(!hasFlock)("is shared with flock -s, and excludes flock -x, both ways", async () => {
    const file = temporaryLock();
    const [lock] = await readers(file, 1);
    expect([canLock("-s", file), canLock("-x", file)]).toEqual([true, false]);
    lock?.release();
    const foreign = await new Foreign("-s", file).held();
    const reader = new LockFile(file, SHARED);
    expect(await reader.acquire()).toBe(true);
    await expect(new LockFile(file).acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
    reader.release();
    await foreign.release();
    await new Foreign("-x", file).held();
    await expect(reader.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
  });

  it.skipIf(!hasBarman)("excludes a Barman, both ways", async () => {
    const file = temporaryLock();
    const barman = Peer.barman();
    const [lock] = await readers(file, 1);
    await expect(barman.acquire([file])).rejects.toMatchObject({ name: "LockFileBusy" });
    lock?.release();
    await barman.acquire([file]);
    await expect(lock?.acquire()).rejects.toMatchObject({
      code: "LOCK_BUSY",
      holder: { pid: barman.pid },
    });
  });

  it("is freed by the kernel when its holder is killed, and what that has written misleads nobody", async () => {
    const file = temporaryLock();
    const peer = Peer.ours();
    await peer.acquire([file], SHARED);
    await peer.kill();
    expect(readFileSync(file, "latin1")).toContain(`${peer.pid} `);
    const writer = new LockFile(file);
    expect(writer.acquireSync()).toBe(true);
    expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
    writer.release();
  });

  it("is told by `scan` and `inspect` with all that share it, and has no owner", async () => {
    const directory = temporaryDirectory();
    class ListLock extends LockFile {
      static override readonly TEMPLATE: string = ".list.lock";
      static override readonly LOCK_PATTERN: RegExp = /^\.list\.lock$/;
      static override readonly SHARED: boolean = true;
      override readonly kind = "ListLock";
      static override buildIfMatches(path: string): ListLock | null {
        return path.endsWith("/.list.lock") ? new ListLock(path) : null;
      }
    }
    const lock = new ListLock(`${directory}/.list.lock`);
    await lock.acquire(SHARED);
    onTestFinished(() => lock.release());
    const peers = [Peer.ours(), Peer.ours()];
    for (const peer of peers) await peer.acquire([lock.filename], SHARED);
    const pids = [process.pid, ...peers.map(({ pid }) => pid)].toSorted((a, b) => a - b);
    const seen = await lock.inspect();
    if (seen.state !== "shared") throw new Error(`it is ${seen.state}`);
    expect(seen.holders.map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual(pids);
    const catalogue = new Catalogue("lists", [ListLock]);
    expect(await catalogue.scan(directory)).toMatchObject([{ state: "shared" }]);
    expect(await catalogue.sweep(directory)).toMatchObject({
      removed: [],
      held: [{ filename: lock.filename }],
    });
    expect(lock.getOwnerPid()).toBe(null);
    expect(new LockFile(lock.filename).getOwnerPid()).toBe(null);
  });

  it("cannot be had alone by the object that has it, nor the other way round", async () => {
    const file = temporaryLock();
    const [lock] = await readers(file, 1);
    await expect(lock?.acquire({ mode: "exclusive" })).rejects.toMatchObject({
      code: "LOCK_HELD_OTHERWISE",
      path: file,
      message: expect.stringMatching(/is held shared by this object, and cannot be held alone/),
    });
    expect(() => lock?.acquireSync({ mode: "exclusive", wait: true })).toThrow(/LockFile is held/);
    expect(await lock?.acquire()).toBe(true);
    lock?.release();
    expect(lock?.acquireSync({ mode: "exclusive" })).toBe(true);
    expect(() => lock?.acquireSync()).toThrow(
      /held alone by this object, and cannot be held shared/,
    );
    expect(lock?.held).toBe(true);
  });

  it("is not what an acquire of the same object gets that wanted it alone", async () => {
    const file = temporaryLock();
    const peer = await Peer.holding(file);
    const lock = new LockFile(file);
    const both = Promise.allSettled([
      lock.acquire({ ...SHARED, wait: true }),
      lock.acquire({ wait: true }),
    ]);
    await peer.release([file]);
    expect(await both).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { code: "LOCK_HELD_OTHERWISE" } },
    ]);
    lock.release();
  });

  it("is refused by kinds that do not say that they are shared, and by modes that are none", () => {
    const directory = temporaryDirectory();
    const refusal = {
      code: "ERR_INVALID_ARG_VALUE",
      message: /a GlobalCronLock is exclusive.*shared: true/,
    };
    const told = (call: () => unknown) => expect(call).toThrow(refusal.message);
    told(() => new GlobalCronLock(directory, SHARED));
    told(() => new GlobalCronLock(directory).acquireSync(SHARED));
    const wrong = { mode: "reader" } as unknown as object;
    expect(() => new LockFile("x", wrong)).toThrow(
      /mode of new LockFile\(\).*"exclusive" or "shared"/,
    );
  });
});

describe("what readers leave in the file", () => {
  it("names them while they hold, the fifth excepted, and is blank when they have gone", async () => {
    const file = temporaryLock();
    const locks = await readers(file, 5);
    const named = [...readFileSync(file, "latin1").matchAll(/(\d+) (\d+)\n/g)];
    expect(named.map(([, pid]) => Number(pid))).toEqual(Array(4).fill(process.pid));
    expect(new Set(named.map(([, , fd]) => fd)).size).toBe(4);
    for (const lock of locks) lock.release();
    expect(readFileSync(file, "latin1")).toMatch(/^\s{64}$/);
  });

  it("takes the place of who has died, and of the stamp of a past holder", async () => {
    const file = temporaryLock();
    for (const left of ["1\n", "4194305\n", "4194305 3\n".padEnd(16), "12345678901\n"]) {
      writeFileSync(file, left);
      const [lock] = await readers(file, 1);
      expect(readFileSync(file, "latin1")).toMatch(new RegExp(`^${process.pid} \\d+\n`));
      lock?.release();
    }
  });

  it.each(["nodes:\n- a\n", "x".repeat(100), "\0"])("is nothing where %j is", async (content) => {
    const file = temporaryLock();
    writeFileSync(file, content);
    const [lock] = await readers(file, 1);
    expect(readFileSync(file, "latin1")).toBe(content);
    await expect(new LockFile(file).acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
    lock?.release();
    expect(readFileSync(file, "latin1")).toBe(content);
  });

  it("is nothing if they are told so, and a writer is busy all the same", async () => {
    const file = temporaryLock();
    const lock = new LockFile(file, { ...SHARED, updatePid: false });
    await lock.acquire();
    onTestFinished(() => lock.release());
    expect(readFileSync(file, "latin1")).toBe("");
    const peer = Peer.ours();
    await expect(peer.acquire([file])).rejects.toMatchObject({ code: "LOCK_BUSY" });
    expect(new LockFile(file).acquireSync({ raiseIfFail: false })).toBe(false);
  });
});

it.skipIf(!isRoot || !nobodyReads)(
  "who may only read the file shares its lock, and is no look",
  async () => {
    const file = temporaryLock();
    writeFileSync(file, "");
    chmodSync(file, 0o444);
    chmodSync(dirname(file), 0o755);
    const reader = scriptOn(
      file,
      `process.setuid(65534); await lock.acquire({ mode: "shared" }); console.log("held"); setInterval(() => {}, 1e6);`,
    );
    expect(await reader.line()).toBe("held");
    const writer = new LockFile(file);
    await expect(writer.acquire()).rejects.toMatchObject({ code: "LOCK_BUSY" });
    expect(await writer.inspect()).toMatchObject({
      state: "shared",
      holders: [{ pid: reader.pid }],
    });
  },
);
