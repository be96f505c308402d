import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { within } from "../support/bounded.js";
import { inChild } from "../support/child.js";
import { temporaryDirectory } from "../support/directory.js";
import { FAULT, withFaultyCalls } from "../support/faulty-calls.js";
import { hasCompiler } from "../support/faulty-flock.js";
import { Script } from "../support/script.js";
import { report, scale, seeded } from "./scale.js";

/** How often each program takes its locks. */
const ROUNDS = scale(150, 5_000);
const MOST_MS = scale(240_000, 1_200_000);

/** A program that takes locks of Barman again and again, in the order in which it names them. */
function program(directory: string, kinds: readonly string[]): Script {
  const paths = kinds.map((kind) => join(directory, kind));
  return new Script(`
    import fs from "node:fs";
    import { withLocks } from "lock-catalogue";
    import * as barman from "lock-catalogue/barman";
    const directory = ${JSON.stringify(directory)};
    const me = String(process.pid);
    let violations = 0;
    for (let round = 0; round < ${ROUNDS}; round++) {
      const locks = ${JSON.stringify(kinds)}.map((kind) => new barman[kind](directory, "main"));
      await withLocks(locks, async () => {
        for (const path of ${JSON.stringify(paths)}) fs.writeFileSync(path, me);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
        for (const path of ${JSON.stringify(paths)}) {
          if (fs.readFileSync(path, "utf8") !== me) violations++;
        }
      }, { wait: true });
    }
    console.log(violations);
  `);
}

describe("programs that take the same locks and name them in different orders", () => {
  it(
    "never wait for each other in a circle, and are never inside together",
    async () => {
      const directory = temporaryDirectory();
      const [a, b, c] = ["ServerXLOGDBLock", "ServerBackupLock", "ServerCronLock"] as const;
      const programs = [
        program(directory, [a, b]),
        program(directory, [b, a]),
        program(directory, [c, a, b]),
        program(directory, [b, c]),
      ];
      const ends = await within(
        MOST_MS,
        `${ROUNDS} rounds of each`,
        Promise.all(programs.map(({ ended }) => ended)),
      );
      expect(ends).toEqual(programs.map(() => ({ code: 0, signal: null })));
      const lines = await Promise.all(programs.map((one) => one.line()));
      expect(lines).toEqual(["0", "0", "0", "0"]);
      report("sets of locks, in any order of arguments", `${4 * ROUNDS} taken`, "no deadlock");
    },
    MOST_MS + 10_000,
  );

  it("would wait for each other for ever, if they took them as they name them", async () => {
    const directory = temporaryDirectory();
    const take = (first: string, second: string): Script =>
      new Script(`
        import fs from "node:fs";
        import * as barman from "lock-catalogue/barman";
        const [first, second] = ${JSON.stringify([first, second])}
          .map((kind) => new barman[kind](${JSON.stringify(directory)}, "main"));
        await first.acquire();
        console.log("has one");
        while (second.getOwnerPid() === null) await new Promise((resolve) => setTimeout(resolve, 5));
        const error = await second.acquire({ timeout: 500 }).catch((caught) => caught);
        console.log(error.code, error.holder?.pid);
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      `);
    const one = take("ServerBackupLock", "ServerXLOGDBLock");
    const other = take("ServerXLOGDBLock", "ServerBackupLock");
    for (const script of [one, other]) expect(await script.line()).toBe("has one");
    expect(await one.line()).toBe(`LOCK_TIMEOUT ${other.pid}`);
    expect(await other.line()).toBe(`LOCK_TIMEOUT ${one.pid}`);
  });
});

describe.skipIf(!hasCompiler)("several locks, with system calls that fail", () => {
  it(
    "are all held or none, and nothing is left open",
    async () => {
      const random = seeded("several, with faults");
      const directory = temporaryDirectory();
      const calls = ["open", "flock", "fstat", "lstat", "read", "write", "close"];
      const errnos = [1, 4, 5, 12, 13, 24, 28]; // EPERM EINTR EIO ENOMEM EACCES EMFILE ENOSPC
      const pick = <T>(values: readonly T[]): T =>
        values[Math.floor(random() * values.length)] as T;
      const rounds = Array.from({ length: scale(120, 3_000) }, () => ({
        ways: pick(["withLocks", "acquireAll", "acquireAllSync"]),
        file: pick(["a", "b", "c"]),
        call: pick(calls),
        errno: pick(errnos),
        times: pick([1, 2, 1000]),
        after: pick([0, 0, 1, 2, 3]),
        raiseIfFail: random() < 0.5,
        timeout: pick([0, 20]),
        busy: random() < 0.2 ? pick(["a", "b", "c"]) : null,
        order: pick(["abc", "acb", "bac", "bca", "cab", "cba", "abcba"]),
      }));
      const file = join(temporaryDirectory(), "rounds.json");
      writeFileSync(file, JSON.stringify(rounds));
      const script = `${FAULT}
      import { acquireAll, acquireAllSync, withLocks } from "lock-catalogue";
      const [directory] = args;
      const path = (name) => directory + "/" + name;
      const isFree = (name) => {
        const look = new LockFile(path(name));
        const isFree = look.acquireSync({ raiseIfFail: false });
        look.release();
        return isFree;
      };
      const open = () => fs.readdirSync("/proc/self/fd").filter((fd) => {
        try {
          return fs.readlinkSync("/proc/self/fd/" + fd).startsWith(directory);
        } catch {
          return false; // That of the listing.
        }
      }).length;
      const tally = { wrong: [], taken: 0, denied: 0, failed: 0, hit: 0 };
      for (const name of "abc") await new LockFile(path(name)).withLock(() => {});
      for (const round of JSON.parse(fs.readFileSync(args[1], "utf8"))) {
        const locks = [...round.order].map((name) => new LockFile(path(name)));
        const distinct = new Set(locks.map(({ filename }) => filename)).size;
        const { raiseIfFail, timeout, busy } = round;
        const holder = busy && new LockFile(path(busy));
        holder?.acquireSync();
        const count = () => locks.filter((lock) => lock.held).length;
        const options = { raiseIfFail, timeout };
        let inside = null;
        let seen;
        fault(round.call, round.errno, round.times, path(round.file), round.after);
        try {
          if (round.ways === "withLocks") {
            await withLocks(locks, (locked) => { inside = [locked, count()]; }, options);
          } else {
            const take = round.ways === "acquireAll" ? acquireAll : acquireAllSync;
            const set = await take(locks, options);
            inside = [set !== null, count()];
            set?.release();
          }
          seen = inside[0] ? "taken" : "denied";
        } catch (error) {
          seen = "failed";
          if (error.code === undefined || error.path === undefined) tally.wrong.push({ round, error: String(error) });
        }
        tally.hit += hits() > 0 ? 1 : 0;
        tally[seen]++;
        holder?.release();
        if (inside !== null && inside[1] !== (inside[0] ? distinct : 0)) tally.wrong.push({ round, inside });
        if (busy !== null && inside?.[0]) tally.wrong.push({ round, busy });
        if (count() !== 0 || !"abc".split("").every(isFree)) tally.wrong.push({ round, held: count() });
        if (open() !== 0) tally.wrong.push({ round, open: open() });
      }
      tell(tally);
    `;
      const { wrong, ...tally } = await inChild<{ wrong: unknown[] } & Record<string, number>>(
        script,
        {
          ...withFaultyCalls(directory, file),
          patience: MOST_MS,
        },
      );
      report("several locks under faults", JSON.stringify(tally), "all held or none");
      expect(wrong).toEqual([]);
      for (const [what, count] of Object.entries(tally)) expect(count, what).toBeGreaterThan(0);
      expect(readFileSync(join(directory, "a"), "latin1").trim()).toBe("");
    },
    MOST_MS + 10_000,
  );
});
