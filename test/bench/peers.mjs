// What an uncontended take and release costs, ours beside others: all in one run, turn by turn; the ratio of each
// turn is taken by itself, and the median of the turns is printed. Each way has a file of its own, and says
// whether it keeps out who uses flock(2): that is tried, with the `flock` program.
import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LockFile } from "lock-catalogue";
import { compile, hasModule, heading, here, inFolder, median, PYTHON, peer } from "./support.mjs";

const TURNS = 11;
const canTry = spawnSync("flock", ["--version"]).error === undefined;

await inFolder(async (directory) => {
  const ways = await waysIn(directory);
  const present = ways.filter(({ missing }) => missing === undefined);
  for (const way of present) await way.run(way.rounds);
  const turns = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const times = new Map();
    for (const way of present) times.set(way, await way.run(way.rounds));
    turns.push(times);
  }
  const [ours, floor] = present;
  heading(`Uncontended take and release: median of ${TURNS} turns`);
  const rows = ways.map((way) => {
    if (way.missing !== undefined) return { what: way.what, "/ ours": way.missing };
    const ratio = (other) => median(turns.map((times) => times.get(way) / times.get(other)));
    return {
      what: way.what,
      "/ ours": ratio(ours).toFixed(2),
      "/ C": ratio(floor).toFixed(2),
      µs: median(turns.map((times) => times.get(way))).toFixed(1),
      "excludes flock(2)": canTry ? (way.excludes() ? "yes" : "NO") : "no flock(1) to try",
    };
  });
  console.table(rows);
});

/** Every way to take and release: ours first, then the floor, then the others. */
async function waysIn(directory) {
  const fileOf = (name) => {
    const file = join(directory, `${name}.lock`);
    writeFileSync(file, "");
    return file;
  };
  return [
    ours(fileOf("ours"), "acquireSync + release", 20_000, (lock) => lock.acquireSync()),
    {
      what: "C: the same system calls",
      ...program(compile(directory, "uncontended.c"), [], fileOf("c"), 20_000),
      excludes: () => true, // It is flock(2).
    },
    ours(fileOf("async"), "await acquire + release", 20_000, (lock) => lock.acquire()),
    await native(fileOf("native")),
    python(fileOf("barman"), "barman", "lockfile.LockFile", "uncontended.py"),
    python(fileOf("filelock"), "filelock", "FileLock", "uncontended-filelock.py"),
    ...(await proper(fileOf)),
    command(fileOf("command")),
  ];
}

function ours(file, what, rounds, acquire) {
  const lock = new LockFile(file);
  const take = async () => {
    await acquire(lock);
    lock.release();
  };
  const takeSync = () => {
    acquire(lock);
    lock.release();
  };
  return {
    what: `lock-catalogue: ${what}`,
    rounds,
    run: what.startsWith("await") ? timed(take) : timedSync(takeSync),
    excludes: () => {
      lock.acquireSync();
      const excluded = isBusy(file);
      lock.release();
      return excluded;
    },
  };
}

async function native(file) {
  const what = "fs-native-extensions: open, tryLock, unlock, close";
  const found = await peer("fs-native-extensions");
  if (found === null) return { what, missing: "not installed" };
  const { tryLock, unlock } = found.default;
  const held = (work) => {
    const fd = openSync(file, "r+");
    if (!tryLock(fd)) throw new Error(`${file} is busy`);
    const result = work();
    unlock(fd);
    closeSync(fd);
    return result;
  };
  const nothing = () => {};
  return {
    what,
    rounds: 20_000,
    run: timedSync(() => held(nothing)),
    excludes: () => held(() => isBusy(file)),
  };
}

async function proper(fileOf) {
  const names = ["lockSync + release", "await lock + release"].map((n) => `proper-lockfile: ${n}`);
  const found = await peer("proper-lockfile");
  if (found === null) return names.map((what) => ({ what, missing: "not installed" }));
  const { lock, lockSync } = found.default;
  const [file, other] = [fileOf("proper-sync"), fileOf("proper")];
  const excludes = () => {
    const release = lockSync(file);
    const excluded = isBusy(file);
    release();
    return excluded;
  };
  const takeSync = timedSync(() => lockSync(file)());
  const take = timed(async () => (await lock(other))());
  return [
    { what: names[0], rounds: 500, run: takeSync, excludes },
    { what: names[1], rounds: 500, run: take, excludes },
  ];
}

/** A script that prints the µs of a round, and a class whose objects hold the lock in a `with`. */
function python(file, module, type, script) {
  const what = `Python ${module}: acquire + release`;
  if (!hasModule(module)) return { what, missing: `not installed: python3-${module}` };
  const [path, name] = `${module}.${type}`.split(/\.(?=[^.]+$)/u);
  const probe = [
    `import subprocess, sys`,
    `from ${path} import ${name}`,
    `with ${name}(sys.argv[1]):`,
    `    print(subprocess.call(["flock", "-n", sys.argv[1], "true"]))`,
  ].join("\n");
  return {
    what,
    ...program(PYTHON, [here(script)], file, 20_000),
    excludes: () => Number(execFileSync(PYTHON, ["-c", probe, file])) === 1,
  };
}

/** The program has no other way: each take is a process, and the command that it runs a second one. */
function command(file) {
  const what = "flock(1): flock -n FILE true";
  if (!canTry) return { what, missing: "not installed" };
  const loop = 'i=0; while [ $i -lt "$2" ]; do flock -n "$1" true || exit 1; i=$((i + 1)); done';
  const run = (rounds) => {
    const start = performance.now();
    execFileSync("sh", ["-c", loop, "sh", file, String(rounds)]);
    return ((performance.now() - start) / rounds) * 1e3;
  };
  const excludes = () => spawnSync("flock", ["-n", file, "flock", "-n", file, "true"]).status === 1;
  return { what, rounds: 100, run, excludes };
}

function program(path, args, file, rounds) {
  return { rounds, run: (count) => Number(execFileSync(path, [...args, file, String(count)])) };
}

/** µs for one of so many rounds, after some that bring caches back from the other programs. */
function timedSync(once) {
  return (rounds) => {
    for (let i = 0; i < rounds / 10; i++) once();
    const start = performance.now();
    for (let i = 0; i < rounds; i++) once();
    return ((performance.now() - start) / rounds) * 1e3;
  };
}

function timed(once) {
  return async (rounds) => {
    for (let i = 0; i < rounds / 10; i++) await once();
    const start = performance.now();
    for (let i = 0; i < rounds; i++) await once();
    return ((performance.now() - start) / rounds) * 1e3;
  };
}

/** Whether another process finds flock(2) busy. */
function isBusy(file) {
  return spawnSync("flock", ["-n", file, "true"]).status === 1;
}
