// What a runner's tests run of the packed library: cases, and what each gives.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LockFile, LockFileBusy } from "lock-catalogue";
import { ServerBackupLock } from "lock-catalogue/barman";
import { generate } from "lock-catalogue/codegen";

const SPEC = `catalogue: one
output: out
locks:
  OneLock:
    template: one.lock
    description: Protects one thing from two programs.
`;

/** What a promise or a function ends with: its value, or what names its error. */
async function outcome(work) {
  try {
    return await work();
  } catch (error) {
    return error.code ?? error.message;
  }
}

export const CASES = {
  async "creates the file, and tells who holds it"({ lock }) {
    const got = await lock.acquire();
    const owner = lock.getOwnerPid();
    lock.release();
    return [got, owner === process.pid, existsSync(lock.filename), lock.getOwnerPid()];
  },
  async "is busy, or false"({ lock, other }) {
    other.acquireSync();
    const error = await lock.acquire().catch((error) => error);
    const quietly = [
      await lock.acquire({ raiseIfFail: false }),
      lock.acquireSync({ raiseIfFail: false }),
    ];
    return [
      error.code,
      error instanceof LockFileBusy,
      error.holder.pid === process.pid,
      ...quietly,
    ];
  },
  async "waits no longer than it is to"({ lock, other }) {
    other.acquireSync();
    const late = await outcome(() => lock.acquire({ timeout: 30 }));
    const quietly = await lock.acquire({ timeout: 30, raiseIfFail: false });
    return [late, quietly, await outcome(() => lock.acquireSync({ wait: true }))];
  },
  async "waits for another process"({ lock }) {
    await lock.acquire();
    const args = [lock.filename, "sh", "-c", "echo held; sleep 0.3"];
    const holder = spawn("flock", args, { stdio: ["ignore", "pipe", "inherit"] });
    const held = new Promise((resolve) => holder.stdout.once("data", resolve));
    lock.release();
    await held;
    return [await lock.acquire({ raiseIfFail: false }), await lock.acquire({ timeout: 30_000 })];
  },
  async "is aborted"({ lock, other }) {
    other.acquireSync();
    const signal = AbortSignal.timeout(30);
    return [await outcome(() => lock.acquire({ wait: true, signal }).catch(({ name }) => name))];
  },
  async "throws what is no busy lock"({ lock, directory }) {
    const missing = await outcome(() =>
      new LockFile(join(directory, "none", "x.lock")).acquire({ raiseIfFail: false }),
    );
    mkdirSync(join(directory, "d"));
    const unsafe = await outcome(() => new LockFile(join(directory, "d")).acquire());
    return [missing, unsafe, await outcome(() => lock.acquire({ timeout: "50" }))];
  },
  async "generates, or says why it cannot"({ directory }) {
    const cannot = await outcome(() => generate({ cwd: directory }));
    writeFileSync(join(directory, "locks.yaml"), SPEC);
    const { problems, files } = generate({ cwd: directory });
    return [cannot, problems.length, files.map(({ state }) => state)];
  },
  async "knows its kind"({ directory }) {
    const backup = new ServerBackupLock(directory, "main");
    const done = await backup.withLock(() => backup.kind);
    return [done, ServerBackupLock.buildIfMatches(backup.filename).serverName];
  },
};

/** What each of them gives. */
export const EXPECTED = {
  "creates the file, and tells who holds it": [true, true, true, null],
  "is busy, or false": ["LOCK_BUSY", true, true, false, false],
  "waits no longer than it is to": ["LOCK_TIMEOUT", false, "LOCK_DEADLOCK"],
  "waits for another process": [false, true],
  "is aborted": ["TimeoutError"],
  "throws what is no busy lock": ["ENOENT", "LOCK_UNSAFE", "ERR_INVALID_ARG_TYPE"],
  "generates, or says why it cannot": [
    "cannot read the spec locks.yaml: there is no such file",
    0,
    ["missing", "missing", "missing", "missing"],
  ],
  "knows its kind": ["ServerBackupLock", "main"],
};

/** Runs a case in a directory of its own. */
export async function outcomeOf(name) {
  const directory = mkdtempSync(join(tmpdir(), "lock-catalogue-behaviour-"));
  const [lock, other] = [0, 1].map(() => new LockFile(join(directory, "x.lock")));
  try {
    return await CASES[name]({ lock, other, directory });
  } finally {
    lock.release();
    other.release();
    rmSync(directory, { recursive: true });
  }
}
