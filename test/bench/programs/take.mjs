// node take.mjs WAY FILE: as take.py, with one of the ways that Node.js has. Each is a process of its own, since some
// packages change what others call (proper-lockfile brings one that replaces fs.closeSync).
import fs from "node:fs";
import { createInterface } from "node:readline";

const [way, file] = process.argv.slice(2);

async function ordered() {
  const { LockFile } = await import("lock-catalogue");
  return class OrderedLock extends LockFile {
    static LOCK_ORDER = { catalogue: "bench", rank: 0, before: [], place: "" };
    kind = "OrderedLock";
  };
}

/** Each returns a function that takes the lock, one that releases what the former returned, and how to time them. */
const ways = {
  async sync() {
    const { LockFile } = await import("lock-catalogue");
    const lock = new LockFile(file);
    return [() => lock.acquireSync(), () => lock.release(), timeSync];
  },

  async async() {
    const { LockFile } = await import("lock-catalogue");
    const lock = new LockFile(file);
    return [() => lock.acquire(), () => lock.release(), time];
  },

  /** Of a kind whose catalogue says in which order its locks are taken, as one that says nothing of that. */
  async orderedSync() {
    const lock = new (await ordered())(file);
    return [() => lock.acquireSync(), () => lock.release(), timeSync];
  },

  async inside() {
    const { LockFile } = await import("lock-catalogue");
    const lock = new LockFile(file);
    return [() => lock.withLock(() => {}), () => {}, time];
  },

  async orderedInside() {
    const lock = new (await ordered())(file);
    return [() => lock.withLock(() => {}), () => {}, time];
  },

  /** What ours cannot do without: the calls, with nothing around them. */
  bare() {
    return ways.unchecked(true);
  },

  /** The same, but for the one that tells whether the descriptor is still that of the lock, or another file's by now. */
  async unchecked(isChecked = false) {
    const { flockSync, constants } = (await import("fs-ext")).default;
    const { O_RDWR, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants;
    const stamp = Buffer.from(`${process.pid}\n`);
    const blank = Buffer.from(`${" ".repeat(stamp.length - 1)}\n`);
    const content = Buffer.alloc(64);
    const take = () => {
      const fd = fs.openSync(file, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
      flockSync(fd, constants.LOCK_EX | constants.LOCK_NB);
      const { ino } = fs.fstatSync(fd);
      if (fs.lstatSync(file).ino !== ino) throw new Error("gone");
      fs.readSync(fd, content, 0, stamp.length, 0);
      fs.writeSync(fd, stamp, 0, stamp.length, 0);
      return fd;
    };
    const release = (fd) => {
      if (isChecked) fs.fstatSync(fd);
      fs.readSync(fd, content, 0, stamp.length + 1, 0);
      fs.writeSync(fd, blank, 0, blank.length, 0);
      flockSync(fd, constants.LOCK_UN);
      fs.closeSync(fd);
    };
    return [take, release, timeSync];
  },

  async native() {
    const { tryLock, unlock } = (await import("fs-native-extensions")).default;
    const take = () => {
      const fd = fs.openSync(file, "r+");
      if (!tryLock(fd)) throw new Error(`${file} is busy`);
      return fd;
    };
    const release = (fd) => {
      unlock(fd);
      fs.closeSync(fd);
    };
    return [take, release, timeSync];
  },

  async properSync() {
    const { lockSync } = (await import("proper-lockfile")).default;
    return [() => lockSync(file), (release) => release(), timeSync];
  },

  async proper() {
    const { lock } = (await import("proper-lockfile")).default;
    return [() => lock(file), (release) => release(), time];
  },
};

const [take, release, measure] = await ways[way]();
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "hold") {
    await take();
    console.log("held");
  } else {
    console.log(String(await measure(take, release, Number(line))));
  }
}

function timeSync(take, release, rounds) {
  const start = performance.now();
  for (let i = 0; i < rounds; i++) release(take());
  return ((performance.now() - start) / rounds) * 1e6;
}

async function time(take, release, rounds) {
  const start = performance.now();
  for (let i = 0; i < rounds; i++) {
    const released = release(await take());
    if (released !== undefined) await released;
  }
  return ((performance.now() - start) / rounds) * 1e6;
}
