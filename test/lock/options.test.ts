import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { ServerBackupLock, ServerWalSyncLock } from "../../generated/index.js";
import {
  type AcquireOptions,
  LockFile,
  type LockFileDefaults,
  withLocks,
} from "../../src/index.js";
import { temporaryDirectory } from "../support/directory.js";

/** A kind whose own answer to raiseIfFail is no; none of Barman's is like that. */
class QuietLock extends LockFile {
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: false, wait: false };
}

const STOP = "stopped by the test";

/** What becomes of an acquire of a busy lock: it waits, gives false, or fails with a code. */
async function fate(lock: LockFile, options: AcquireOptions = {}): Promise<unknown> {
  const controller = new AbortController();
  const result = lock
    .acquire({ ...options, signal: controller.signal })
    .catch((error) => (error === STOP ? "waits" : (error.code ?? error)));
  // An acquire that does not wait has its result by now.
  await nextTurn();
  controller.abort(STOP);
  return result;
}

/** A lock file that another object of this process holds until the test ends. */
function busyServer(directory: string, suffix: string): string {
  const holder = new LockFile(join(directory, `.main-${suffix}.lock`));
  holder.acquireSync();
  onTestFinished(() => holder.release());
  return directory;
}

/** Each of these is given by leaving it out, as undefined, and as a value. */
const ANSWERS: readonly Answer[] = [{}, { answer: undefined }, { answer: true }, { answer: false }];
const PAIRS = ANSWERS.flatMap((inConstructor) =>
  ANSWERS.map((inAcquire) => ({ inConstructor, inAcquire })),
);

interface Answer {
  readonly answer?: boolean | undefined;
}

function given(name: string, choice: Answer): Record<string, boolean | undefined> {
  return "answer" in choice ? { [name]: choice.answer } : {};
}

describe("an option", () => {
  it.each(PAIRS)(
    "wait: $inAcquire in acquire, $inConstructor in the constructor, then the kind",
    async ({ inConstructor, inAcquire }) => {
      const directory = temporaryDirectory();
      for (const [Kind, suffix, byKind] of [
        [ServerBackupLock, "backup", false],
        [ServerWalSyncLock, "sync-wal", true],
      ] as const) {
        busyServer(directory, suffix);
        const lock = new Kind(directory, "main", given("wait", inConstructor));
        const expected = inAcquire.answer ?? inConstructor.answer ?? byKind;
        expect(await fate(lock, given("wait", inAcquire))).toBe(expected ? "waits" : "LOCK_BUSY");
      }
    },
  );

  it.each(PAIRS)(
    "raiseIfFail: $inAcquire in acquire, $inConstructor in the constructor, then the kind",
    async ({ inConstructor, inAcquire }) => {
      const file = join(busyServer(temporaryDirectory(), "x"), ".main-x.lock");
      for (const [Kind, byKind] of [
        [LockFile, true],
        [QuietLock, false],
      ] as const) {
        const lock = new Kind(file, given("raiseIfFail", inConstructor));
        const expected = inAcquire.answer ?? inConstructor.answer ?? byKind;
        expect(await fate(lock, given("raiseIfFail", inAcquire))).toBe(
          expected ? "LOCK_BUSY" : false,
        );
      }
    },
  );

  it("timeout asks for waiting, unless the same acquire says not to", async () => {
    const directory = busyServer(temporaryDirectory(), "backup");
    const lock = new ServerBackupLock(directory, "main", { wait: false });
    expect(await fate(lock, { timeout: 60_000 })).toBe("waits");
    expect(await fate(lock, { timeout: 60_000, wait: false })).toBe("LOCK_BUSY");
    expect(await fate(lock, { timeout: undefined })).toBe("LOCK_BUSY");
  });

  it("holds for one acquire only", async () => {
    const directory = busyServer(temporaryDirectory(), "backup");
    const lock = new ServerBackupLock(directory, "main");
    expect(await fate(lock, { wait: true, raiseIfFail: false })).toBe("waits");
    expect(await fate(lock)).toBe("LOCK_BUSY");
  });

  it("counts in an object of a class, also if its getter says so, for one lock and for several", async () => {
    class Patient {
      get raiseIfFail(): boolean {
        return false;
      }
    }
    class Impatient {
      get timeout(): number {
        return -1;
      }
    }
    const lock = new ServerBackupLock(busyServer(temporaryDirectory(), "backup"), "main");
    const options = new Patient();
    expect(await lock.acquire(options)).toBe(false);
    expect(await withLocks([lock], (locked) => locked, options)).toBe(false);
    const takes = [
      () => lock.acquire(new Impatient()),
      () => withLocks([lock], () => true, new Impatient()),
      async () => new LockFile(lock.filename, new Impatient()),
    ];
    for (const take of takes)
      await expect(take()).rejects.toMatchObject({ code: "ERR_OUT_OF_RANGE" });
  });

  it("is as it was when it was checked, whatever becomes of its object", async () => {
    const directory = busyServer(temporaryDirectory(), "backup");
    const own = { timeout: 1 };
    const lock = new ServerBackupLock(directory, "main", own);
    own.timeout = Number.NaN;
    await expect(lock.acquire()).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    own.timeout = 0;
    await expect(lock.acquire()).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    let reads = 0;
    const once = {
      get timeout(): number {
        return reads++ === 0 ? 0 : Number.NaN;
      },
    };
    await expect(lock.acquire(once)).rejects.toMatchObject({ code: "LOCK_BUSY" });
    expect(reads).toBe(1);
  });

  it("counts in acquireSync as in acquire", () => {
    const directory = busyServer(temporaryDirectory(), "sync-wal");
    const code = (options: AcquireOptions, own = {}) => {
      try {
        return new ServerWalSyncLock(directory, "main", own).acquireSync(options);
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    // To wait here would be to wait for this thread itself, which it knows.
    expect(code({})).toBe("LOCK_DEADLOCK");
    expect(code({ wait: undefined })).toBe("LOCK_DEADLOCK");
    expect(code({}, { wait: false })).toBe("LOCK_BUSY");
    expect(code({ wait: true }, { wait: false })).toBe("LOCK_DEADLOCK");
    expect(code({ wait: false }, { wait: true, raiseIfFail: false })).toBe(false);
    expect(code({ wait: false, raiseIfFail: true }, { raiseIfFail: false })).toBe("LOCK_BUSY");
  });
});
