import { getEventListeners } from "node:events";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { temporaryDirectory } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helpersOn, Script } from "../support/script.js";

const WAITING = { wait: true };

function temporaryLock(): string {
  return join(temporaryDirectory(), "x.lock");
}

/** What this process has open: each descriptor, and what it leads to. */
function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`];
    } catch {
      return []; // The one that was read for the list.
    }
  });
}

/** Whether a promise is still open after everything that is ready has run. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise((resolve) => setTimeout(() => resolve(isPending), 15));
  return (await Promise.race([promise.catch(() => undefined), late])) === isPending;
}

describe("a contender that waits", () => {
  it("gets the lock when a holder in another process releases it", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    expect(await isPending(acquired)).toBe(true);
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    expect(lock.held).toBe(true);
    lock.release();
  });

  it("gets the lock when another object of this process releases it", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    const second = new LockFile(file);
    const acquired = second.acquire(WAITING);
    expect(await isPending(acquired)).toBe(true);
    expect(helpersOn(file)).toEqual([]);
    first.release();
    expect(await acquired).toBe(true);
    second.release();
  });

  it("gets it in the order of arrival among those of one process", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const order: number[] = [];
    const contenders = Array.from({ length: 20 }, (_, number) =>
      new LockFile(file, WAITING).withLock(() => void order.push(number)),
    );
    await other.release([file]);
    await within(20_000, "contenders", Promise.all(contenders));
    expect(order).toEqual([...order.keys()]);
  });

  it("shares one helper, one descriptor with all contenders for one file", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const contenders = Array.from({ length: 50 }, () =>
      new LockFile(file, WAITING).withLock(() => {}),
    );
    await until("a helper waits", () => helpersOn(file).length > 0);
    expect(helpersOn(file)).toHaveLength(1);
    const open = readdirSync("/proc/self/fd").length;
    contenders.push(new LockFile(file, WAITING).withLock(() => {}));
    expect(readdirSync("/proc/self/fd")).toHaveLength(open);
    await other.release([file]);
    await within(20_000, "contenders", Promise.all(contenders));
    expect(helpersOn(file)).toEqual([]);
  });

  it("lets another contender of the same object have the same hold", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const between = new LockFile(file, WAITING);
    const first = lock.acquire();
    const second = between.acquire();
    const third = lock.acquire();
    await other.release([file]);
    expect(await within(20_000, "both", Promise.all([first, third]))).toEqual([true, true]);
    expect(between.held).toBe(false);
    lock.release();
    expect(await second).toBe(true);
    between.release();
  });

  it("starts over when the file is unlinked while it waits", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    await until("a helper waits", () => helpersOn(file).length > 0);
    unlinkSync(file);
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    await expect(other.acquire([file])).rejects.toMatchObject({ code: "LOCK_BUSY" });
    lock.release();
  });

  it("gets the system's error when the directory goes while it waits", async () => {
    const directory = join(temporaryDirectory(), "gone");
    mkdirSync(directory);
    const file = join(directory, "x.lock");
    const other = Peer.ours();
    await other.acquire([file]);
    const acquired = new LockFile(file, WAITING).acquire();
    const failed = expect(acquired).rejects.toMatchObject({ code: "ENOENT", path: file });
    const behind = new LockFile(file, WAITING).acquire({ raiseIfFail: false });
    await until("a helper waits", () => helpersOn(file).length > 0);
    rmSync(directory, { recursive: true });
    await other.release([file]);
    await failed;
    expect(await within(20_000, "the next in line", behind)).toBe(false);
  });

  it("goes on waiting when its helper is killed", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const acquired = lock.acquire();
    await until("a helper waits", () => helpersOn(file).length > 0);
    const [helper = 0] = helpersOn(file);
    process.kill(helper, "SIGKILL");
    await until("another helper waits", () => helpersOn(file).some((pid) => pid !== helper));
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    lock.release();
  });

  it("installs no listener on the process", async () => {
    const before = process.eventNames().map((event) => [event, process.listenerCount(event)]);
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const controller = new AbortController();
    const acquired = new LockFile(file, WAITING).acquire({ signal: controller.signal });
    await until("a helper waits", () => helpersOn(file).length > 0);
    expect(process.eventNames().map((event) => [event, process.listenerCount(event)])).toEqual(
      before,
    );
    controller.abort();
    await expect(acquired).rejects.toMatchObject({ name: "AbortError" });
  });

  it("gets its turn beside an object of its process that takes the lock again and again", async () => {
    const file = temporaryLock();
    const hog = new LockFile(file);
    const waiting = new LockFile(file, WAITING);
    let done = false;
    const hogging = (async () => {
      while (!done) {
        if (hog.acquireSync({ raiseIfFail: false })) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          hog.release();
          // At once, and before any promise settles.
          hog.acquireSync({ raiseIfFail: false });
        }
        await new Promise((resolve) => setTimeout(resolve, 1));
        hog.release();
      }
    })();
    for (let turn = 0; turn < 20; turn++) {
      await within(20_000, `turn ${turn}`, waiting.acquire());
      expect(hog.held).toBe(false);
      waiting.release();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    done = true;
    await hogging;
  });

  it("gets the lock of the file that is there, though its thread still holds one that was unlinked", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    unlinkSync(file);
    const second = new LockFile(file, WAITING);
    expect(await within(20_000, "acquire", second.acquire())).toBe(true);
    const third = new LockFile(file, WAITING).acquire({ timeout: 20_000 });
    expect(await isPending(third)).toBe(true);
    first.release();
    expect(await isPending(third)).toBe(true);
    second.release();
    expect(await third).toBe(true);
  });

  it("by withLock runs its function only under the lock, whatever becomes of other acquires of its object", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    const first = lock.acquire().then(() => lock.release());
    const inside = lock.withLock(() => lock.held);
    await other.release([file]);
    await within(20_000, "the first", first);
    expect(await within(20_000, "withLock", inside)).toBe(true);
    expect(lock.held).toBe(false);
  });
});

describe("a timeout", () => {
  it("ends the wait with what was waited for, for whom, and how long", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file);
    await expect(lock.acquire({ timeout: 60 })).rejects.toMatchObject({
      name: "LockFileTimeout",
      code: "LOCK_TIMEOUT",
      path: file,
      message: expect.stringMatching(
        new RegExp(
          `^LockFile is still busy after \\d+ ms: ${file} is held by PID ${other.pid} \\(`,
        ),
      ),
    });
    expect(await lock.acquire({ timeout: 5, raiseIfFail: false })).toBe(false);
    expect(helpersOn(file)).toEqual([]);
  });

  it("of 0 is a single try, and so is any with wait: false", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file, WAITING);
    await expect(lock.acquire({ timeout: 0 })).rejects.toMatchObject({ code: "LOCK_BUSY" });
    await expect(lock.acquire({ timeout: 60_000, wait: false })).rejects.toMatchObject({
      code: "LOCK_BUSY",
    });
    await other.release([file]);
    expect(await lock.acquire({ timeout: 0 })).toBe(true);
    lock.release();
  });

  it.each([2 ** 31, 2 ** 40, Number.MAX_VALUE, Number.POSITIVE_INFINITY])(
    "of %d ms does not end at once",
    async (timeout) => {
      const file = temporaryLock();
      const warnings: unknown[] = [];
      const warn = ({ name }: Error): void => {
        if (name !== "Warning") warnings.push(name);
      };
      process.on("warning", warn);
      onTestFinished(() => void process.off("warning", warn));
      const first = new LockFile(file);
      await first.acquire();
      const lock = new LockFile(file);
      const acquired = lock.acquire({ timeout });
      expect(await isPending(acquired)).toBe(true);
      first.release();
      expect(await acquired).toBe(true);
      expect(warnings).toEqual([]);
      lock.release();
    },
  );

  it.each([-1, Number.NaN, Number.NEGATIVE_INFINITY])(
    "of %d is a RangeError, whatever raiseIfFail says",
    async (timeout) => {
      const lock = new LockFile(temporaryLock());
      await expect(lock.acquire({ timeout, raiseIfFail: false })).rejects.toThrow(RangeError);
      expect(() => lock.acquireSync({ timeout, raiseIfFail: false })).toThrow(RangeError);
    },
  );

  it("in the middle of the line leaves the line in order", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const order: string[] = [];
    const first = new LockFile(file, WAITING).withLock(() => void order.push("first"));
    const second = new LockFile(file).acquire({ timeout: 20, raiseIfFail: false });
    const third = new LockFile(file, WAITING).withLock(() => void order.push("third"));
    expect(await second).toBe(false);
    await other.release([file]);
    await within(20_000, "the others", Promise.all([first, third]));
    expect(order).toEqual(["first", "third"]);
  });
});

describe("a signal", () => {
  it("that has aborted before rejects with its reason, and takes nothing", async () => {
    const lock = new LockFile(temporaryLock());
    const reason = new Error("no more");
    await expect(lock.acquire({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(lock.held).toBe(false);
  });

  it.each([
    ["at the front of the line", 0],
    ["behind another contender", 1],
  ])("ends a wait %s, and leaves nothing behind", async (_, contendersBefore) => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const before = Array.from({ length: contendersBefore }, () =>
      new LockFile(file, WAITING).withLock(() => {}),
    );
    if (contendersBefore > 0) await until("a helper waits", () => helpersOn(file).length > 0);
    const open = openFiles();
    const controller = new AbortController();
    const { signal } = controller;
    const acquired = new LockFile(file).acquire({ ...WAITING, raiseIfFail: false, signal });
    if (contendersBefore === 0) await until("a helper waits", () => helpersOn(file).length > 0);
    const reason = new Error("no more");
    controller.abort(reason);
    await expect(within(20_000, "abort", acquired)).rejects.toBe(reason);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(helpersOn(file)).toHaveLength(contendersBefore);
    // Of what was open before, processes of earlier tests may have given some back in the meantime.
    expect(openFiles().filter((one) => !open.includes(one))).toEqual([]);
    await other.release([file]);
    await within(20_000, "the others", Promise.all(before));
  });

  it("that aborts at the moment of the grant gives the lock back", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    for (let round = 0; round < 50; round++) {
      await first.acquire();
      const controller = new AbortController();
      const lock = new LockFile(file);
      const acquired = lock.acquire({ ...WAITING, signal: controller.signal });
      first.release();
      for (let turns = 0; turns < round % 10; turns++) await null;
      controller.abort();
      const outcome = await acquired.catch((error: unknown) => error);
      expect(outcome === true || outcome === controller.signal.reason).toBe(true);
      expect(lock.held).toBe(outcome === true);
      lock.release();
    }
    expect(await first.acquire({ wait: false })).toBe(true);
    first.release();
  });

  it("may end a hundred waits, without a warning of a leak", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    const warnings: unknown[] = [];
    const warn = ({ name }: Error): void => {
      if (name !== "Warning") warnings.push(name);
    };
    process.on("warning", warn);
    onTestFinished(() => void process.off("warning", warn));
    const controller = new AbortController();
    const { signal } = controller;
    const waits = Array.from({ length: 100 }, () =>
      new LockFile(file, WAITING).acquire({ signal }),
    );
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    controller.abort();
    for (const wait of waits) await expect(wait).rejects.toBe(signal.reason);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
    first.release();
  });

  it("is forgotten once the lock is held", async () => {
    const file = temporaryLock();
    const first = new LockFile(file);
    await first.acquire();
    const controller = new AbortController();
    const lock = new LockFile(file);
    const acquired = lock.acquire({ ...WAITING, signal: controller.signal });
    first.release();
    await acquired;
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    controller.abort();
    expect(lock.held).toBe(true);
    lock.release();
  });
});

describe("a synchronous wait", () => {
  it("gets the lock when another process releases it", async () => {
    const file = temporaryLock();
    const other = new Script(`
      import { LockFile } from "lock-catalogue";
      const lock = new LockFile(${JSON.stringify(file)});
      lock.acquireSync();
      console.log("held");
      setTimeout(() => lock.release(), 100);
    `);
    expect(await other.line()).toBe("held");
    const lock = new LockFile(file);
    expect(lock.acquireSync({ timeout: 20_000 })).toBe(true);
    lock.release();
  });

  it("ends with its timeout", async () => {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const lock = new LockFile(file);
    expect(() => lock.acquireSync({ timeout: 30 })).toThrow(
      expect.objectContaining({ code: "LOCK_TIMEOUT" }),
    );
    expect(lock.acquireSync({ timeout: 2, raiseIfFail: false })).toBe(false);
    expect(helpersOn(file)).toEqual([]);
  });

  it.each(["the same path", "another path"])(
    "for a lock of this thread is a deadlock, by %s",
    async (by) => {
      const directory = temporaryDirectory();
      const held = new LockFile(join(directory, "x.lock"));
      await held.acquire();
      const alias = join(temporaryDirectory(), "alias");
      symlinkSync(directory, alias);
      const lock = new LockFile(join(by === "another path" ? alias : directory, "x.lock"));
      expect(() => lock.acquireSync(WAITING)).toThrow(
        expect.objectContaining({ code: "LOCK_DEADLOCK" }),
      );
      expect(lock.acquireSync({ ...WAITING, raiseIfFail: false })).toBe(false);
      held.release();
    },
  );

  it("does not wait for an asynchronous wait of its own thread, which goes on afterwards", async () => {
    const file = temporaryLock();
    const other = new Script(`
      import { LockFile } from "lock-catalogue";
      const lock = new LockFile(${JSON.stringify(file)});
      lock.acquireSync();
      console.log("held");
      setTimeout(() => lock.release(), 300);
    `);
    expect(await other.line()).toBe("held");
    const patient = new LockFile(file, WAITING);
    const acquired = patient.acquire();
    await until("a helper waits", () => helpersOn(file).length > 0);
    const hasty = new LockFile(file);
    expect(hasty.acquireSync({ timeout: 20_000 })).toBe(true);
    expect(patient.held).toBe(false);
    hasty.release();
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    patient.release();
  });
});

describe("where programs are missing", () => {
  /** A process that waits for a lock with only these programs in its PATH. */
  async function waitWithPath(path: string): Promise<void> {
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const code = (how: string): string => `
      import { LockFile } from "lock-catalogue";
      const lock = new LockFile(${JSON.stringify(file)});
      console.log("waiting");
      console.log(${how});
      lock.release();
    `;
    for (const how of [
      "await lock.acquire({ wait: true })",
      "lock.acquireSync({ timeout: 20_000 })",
    ]) {
      const contender = new Script(code(how), { env: { PATH: path } });
      expect(await contender.line()).toBe("waiting");
      // Longer than the tries that come before the queue.
      await expect(Promise.race([contender.ended, delay(300)])).resolves.toBe("late");
      await other.release([file]);
      expect(await contender.line()).toBe("true");
      expect(await contender.end()).toEqual({ code: 0, signal: null });
      await other.acquire([file], { timeout: 20_000 });
    }
  }

  it("a wait polls without flock", () => waitWithPath("/nonexistent"));

  it("a wait queues with flock alone where setpriv is not there, or cannot tie it to its parent", async () => {
    const bin = temporaryDirectory();
    symlinkSync("/usr/bin/flock", join(bin, "flock"));
    await waitWithPath(bin);
    // As BusyBox's does with an option that it does not know.
    symlinkSync("/bin/false", join(bin, "setpriv"));
    await waitWithPath(bin);
  });

  it("a helper that fails once is tried again", async () => {
    const bin = temporaryDirectory();
    const flag = join(bin, "failed");
    writeFileSync(
      join(bin, "flock"),
      `#!/bin/sh\n[ -e ${flag} ] && exec /usr/bin/flock "$@"\n: >${flag}\nexit 1\n`,
    );
    chmodSync(join(bin, "flock"), 0o755);
    const file = temporaryLock();
    const other = Peer.ours();
    await other.acquire([file]);
    const contender = new Script(
      `import { LockFile } from "lock-catalogue";
       console.log(await new LockFile(${JSON.stringify(file)}).acquire({ wait: true }));`,
      { env: { PATH: bin } },
    );
    await until("a helper waits", () => helpersOn(file).length > 0);
    await other.release([file]);
    expect(await contender.line()).toBe("true");
  });

  it("a program that lies about having the lock is not believed", async () => {
    const bin = temporaryDirectory();
    for (const name of ["flock", "setpriv"]) symlinkSync("/bin/true", join(bin, name));
    await waitWithPath(bin);
  });
});

function delay(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve("late"), ms));
}
