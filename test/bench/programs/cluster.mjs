// node cluster.mjs WAY URL FILE: takes a lock of many hosts in one of the ways that there are. Reads lines: `take N` says
// how many ns a take and release need, `wait` when (ns) it has it, `compete MS` how often it has it in that time.
import fs from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";

const [way, url, file] = process.argv.slice(2);
const name = basename(file);
const now = () => process.hrtime.bigint();

const ways = {
  async ours() {
    const lock = await ourLock();
    return [() => lock.acquire({ wait: true }), () => lock.release()];
  },

  async token() {
    const lock = await ourLock();
    return [() => lock.acquire({ wait: true }).then(() => lock.token()), () => lock.release()];
  },

  /** The same calls of flock(2) and of the driver, with nothing around them. */
  async bare() {
    const [take, release] = await bareFlock();
    const query = await bareClient();
    return [
      async () => {
        const fd = take();
        const [{ ok }] = await query(
          "SELECT pg_catalog.pg_try_advisory_lock('4711'::bigint) AS ok",
        );
        if (!ok) await query("SELECT pg_catalog.pg_advisory_lock('4711'::bigint)");
        return fd;
      },
      async (fd) => {
        await query("SELECT pg_catalog.pg_advisory_unlock('4711'::bigint) AS ok");
        release(fd);
      },
    ];
  },

  async bareToken() {
    const [take, release] = await ways.bare();
    const query = await bareClient();
    return [
      async () => {
        const fd = await take();
        await query(
          "SELECT lsn::text, pg_catalog.substr(pg_catalog.pg_walfile_name(lsn), 1, 8) AS timeline " +
            "FROM pg_catalog.pg_logical_emit_message(true, 'lock-catalogue', 'x') AS lsn",
        );
        return fd;
      },
      release,
    ];
  },

  async advisoryLock() {
    const { default: module } = await import("advisory-lock");
    const mutex = module.default(url)(name);
    return [() => mutex.lock(), (unlock) => unlock()];
  },

  async flock() {
    const { LockFile } = await import("lock-catalogue");
    const lock = new LockFile(file);
    return [() => lock.acquire({ wait: true }), () => lock.release()];
  },
};

async function ourLock() {
  const { LockFile } = await import("lock-catalogue");
  const { cluster } = await import("lock-catalogue/postgres");
  return cluster(url).lock(new LockFile(file));
}

async function bareClient() {
  const client = new pg.Client(url);
  await client.connect();
  return async (text) => (await client.query(text)).rows;
}

async function bareFlock() {
  const { flockSync, constants } = (await import("fs-ext")).default;
  const stamp = Buffer.from(`${process.pid}\n`);
  const blank = Buffer.from(`${" ".repeat(stamp.length - 1)}\n`);
  const take = () => {
    const fd = fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
    flockSync(fd, constants.LOCK_EX | constants.LOCK_NB);
    if (fs.fstatSync(fd).nlink !== 1) throw new Error("gone");
    fs.writeSync(fd, stamp, 0, stamp.length, 0);
    return fd;
  };
  const release = (fd) => {
    fs.writeSync(fd, blank, 0, blank.length, 0);
    flockSync(fd, constants.LOCK_UN);
    fs.closeSync(fd);
  };
  return [take, release];
}

const [take, release] = await ways[way]();
const answers = {
  async take(rounds) {
    const start = performance.now();
    for (let i = 0; i < rounds; i++) await release(await take());
    return Math.round(((performance.now() - start) / rounds) * 1e6);
  },

  async wait() {
    const hold = await take();
    const taken = now();
    await release(hold);
    return taken;
  },

  async compete(ms) {
    const end = performance.now() + ms;
    let count = 0;
    while (performance.now() < end) {
      const hold = await take();
      if (performance.now() < end) count++;
      await release(hold);
    }
    return count;
  },

  /** How much (bytes) the heap has grown over so many takes. */
  async grow(rounds) {
    await answers.take(2000);
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    await answers.take(rounds);
    globalThis.gc();
    return process.memoryUsage().heapUsed - before;
  },
};
await release(await take());
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [what, number] = line.split(" ");
  console.log(String(await answers[what](Number(number))));
}
