// What one take and release costs where nobody is in the way, and whether what it is compared with keeps out who uses
// flock(2): that is tried, with the `flock` program. Every way is a process and has a file of its own.
import { spawnSync } from "node:child_process";
import { missingFlock, missingModule, missingPackage, PYTHON } from "../peers.mjs";
import { missingRow, row } from "../row.mjs";
import { programPath } from "../scope.mjs";

export const title = "Uncontended take and release";
export const reading = "less is better";

export async function answer(scope) {
  const ways = waysWith(await scope.compile("take.c"));
  const present = Object.fromEntries(Object.entries(ways).filter(([, { missing }]) => !missing));
  for (const [name, way] of Object.entries(present)) {
    const [program, ...args] = way.command;
    way.file = scope.file(`${name}.lock`);
    way.worker = scope.start(program, [...args, way.file]);
  }
  const times = await scope.inTurns(11, present, async ({ worker, rounds }) => {
    const ns = await worker.ask(String(scope.few(rounds, rounds / 50)));
    return Number(ns) / 1e3;
  });

  const compare = async (name, other, ratioAtMost) => {
    const about = { what: ways[name].what, to: ways[other].what, unit: "µs", ratioAtMost };
    if (ways[other].missing) return missingRow(about, ways[other].missing);
    const note = "missing" in ways[other] ? await exclusion(ways[other]) : undefined;
    return row({ ...about, note }, times[name], times[other]);
  };
  return [
    // No bound to C: what Node.js itself adds to the calls is not ours to change. What we add is.
    await compare("orderedSync", "sync", 1.03),
    await compare("orderedInside", "inside"),
    await compare("sync", "c"),
    await compare("sync", "bare", 1.15),
    // What it costs to be sure that a descriptor is still ours.
    await compare("bare", "unchecked"),
    await compare("async", "sync", 1.3),
    await compare("sync", "barman", 1),
    await compare("sync", "filelock"),
    await compare("sync", "native"),
    await compare("sync", "properSync"),
    await compare("async", "proper"),
    await compare("sync", "flock"),
  ];
}

/** Ours, the floor, and the peers, which may be missing. The rounds are such that none takes very long. */
function waysWith(c) {
  const node = (way) => [process.execPath, programPath("take.mjs"), way];
  const python = (module, type) => [PYTHON, programPath("take.py"), module, type];
  return {
    sync: { what: "acquireSync", command: node("sync"), rounds: 20_000 },
    async: { what: "await acquire", command: node("async"), rounds: 20_000 },
    orderedSync: {
      what: "acquireSync of a kind with an order",
      command: node("orderedSync"),
      rounds: 20_000,
    },
    inside: { what: "withLock", command: node("inside"), rounds: 20_000 },
    orderedInside: {
      what: "withLock of a kind with an order",
      command: node("orderedInside"),
      rounds: 20_000,
    },
    c: { what: "the same system calls in C", command: [c], rounds: 20_000 },
    bare: { what: "the same calls in bare Node.js", command: node("bare"), rounds: 20_000 },
    unchecked: {
      what: "the same without asking whose file it is",
      command: node("unchecked"),
      rounds: 20_000,
    },
    barman: {
      what: "Barman",
      command: python("barman.lockfile", "LockFile"),
      rounds: 20_000,
      missing: missingModule("barman"),
    },
    filelock: {
      what: "Python's filelock",
      command: python("filelock", "FileLock"),
      rounds: 20_000,
      missing: missingModule("filelock"),
    },
    native: {
      what: "fs-native-extensions",
      command: node("native"),
      rounds: 20_000,
      missing: missingPackage("fs-native-extensions"),
    },
    properSync: {
      what: "proper-lockfile, sync",
      command: node("properSync"),
      rounds: 500,
      missing: missingPackage("proper-lockfile"),
    },
    proper: {
      what: "proper-lockfile, async",
      command: node("proper"),
      rounds: 500,
      missing: missingPackage("proper-lockfile"),
    },
    flock: {
      what: "flock(1)",
      command: ["sh", programPath("take.sh")],
      rounds: 100,
      missing: missingFlock(),
    },
  };
}

/** What another process finds while this one holds. */
async function exclusion({ worker, file }) {
  if (missingFlock()) return "no flock(1) to try it with";
  await worker.ask("hold");
  const { status } = spawnSync("flock", ["-n", file, "true"], { timeout: 10_000 });
  await worker.end();
  return status === 1 ? "excludes flock(2)" : "does NOT exclude flock(2)";
}
