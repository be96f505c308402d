import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LockFile } from "../../src/index.js";
import { within } from "../support/bounded.js";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { heldByFlock } from "../support/flock.js";
import { Peer } from "../support/peer.js";
import { helpersOn, helperWaits, scriptOn } from "../support/script.js";

const WAITING = { wait: true };

/** Has another process hold the lock for so long (ms); it runs `last` before the release. */
async function heldFor(ms: number, file: string, last = ""): Promise<void> {
  const other = scriptOn(
    file,
    `lock.acquireSync();
     console.log("held");
     setTimeout(() => {
       ${last}
       lock.release();
     }, ${ms});`,
  );
  expect(await other.line()).toBe("held");
}

describe("a synchronous wait", () => {
  it("gets the lock when another process releases it", async () => {
    const file = temporaryLock();
    await heldFor(100, file);
    const lock = new LockFile(file);
    expect(lock.acquireSync({ timeout: 20_000 })).toBe(true);
    lock.release();
  });

  it("ends with its timeout", async () => {
    const file = temporaryLock();
    await Peer.holding(file);
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
    await heldFor(2000, file);
    const patient = new LockFile(file, WAITING);
    const acquired = patient.acquire();
    await helperWaits(file);
    const hasty = new LockFile(file);
    expect(hasty.acquireSync({ timeout: 20_000 })).toBe(true);
    expect(patient.held).toBe(false);
    hasty.release();
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    patient.release();
  });

  it("beside an asynchronous wait whose descriptor other code closed leaves what has its number alone", async () => {
    const file = temporaryLock();
    const another = temporaryLock();
    await heldByFlock(file);
    const other = await heldByFlock(another);
    const script = scriptOn(
      file,
      `import fs from "node:fs";
       const abort = new AbortController();
       const waiting = lock.acquire({ wait: true, signal: abort.signal }).catch(({ name }) => name);
       process.once("SIGUSR2", async () => {
         const fileOf = (fd) => {
           try {
             return fs.readlinkSync("/proc/self/fd/" + fd);
           } catch {}
         };
         const number = fs.readdirSync("/proc/self/fd").find((fd) => fileOf(fd) === lock.filename);
         fs.closeSync(Number(number));
         const hasty = new LockFile(${JSON.stringify(another)});
         console.log(hasty.acquireSync({ timeout: 20_000 }), fileOf(number) === hasty.filename);
         abort.abort();
         console.log(await waiting, hasty.isCurrent());
       });
       console.log("waiting");`,
    );
    expect(await script.line()).toBe("waiting");
    await helperWaits(file);
    script.child.kill("SIGUSR2");
    await helperWaits(another);
    other.kill("SIGKILL");
    expect(await script.line()).toBe("true true");
    expect(await script.line()).toBe("AbortError true");
    expect(await script.end()).toEqual({ code: 0, signal: null });
  });

  it("ends with its timeout in the kernel's queue, and in the moment that it begins", async () => {
    const file = temporaryLock();
    await Peer.holding(file);
    const lock = new LockFile(file);
    // Longer than the tries that come before the queue.
    for (const timeout of [400, 1e-9]) {
      expect(() => lock.acquireSync({ timeout })).toThrow(
        expect.objectContaining({ code: "LOCK_TIMEOUT" }),
      );
    }
    expect(helpersOn(file)).toEqual([]);
  });

  it("leaves alone the asynchronous waits for other files", async () => {
    const [file, another] = [temporaryLock(), temporaryLock()];
    const other = await Peer.holding(file);
    await other.acquire([another]);
    const patient = new LockFile(another, WAITING);
    const acquired = patient.acquire();
    await helperWaits(another);
    const [helper] = helpersOn(another);
    expect(new LockFile(file).acquireSync({ timeout: 1, raiseIfFail: false })).toBe(false);
    expect(helpersOn(another)).toEqual([helper]);
    await other.release([another]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    patient.release();
  });

  it("that is over before it blocks leaves an asynchronous wait for the same file its place in the queue", async () => {
    const file = temporaryLock();
    const other = await Peer.holding(file);
    const patient = new LockFile(file, WAITING);
    const acquired = patient.acquire();
    await helperWaits(file);
    const [helper] = helpersOn(file);
    const hasty = new LockFile(file, { raiseIfFail: false });
    for (const options of [{ wait: false }, { timeout: 0 }, { timeout: 5 }]) {
      expect(hasty.acquireSync(options)).toBe(false);
    }
    expect(helpersOn(file)).toEqual([helper]);
    await other.release([file]);
    expect(await within(20_000, "acquire", acquired)).toBe(true);
    patient.release();
  });

  it("starts over when the file is unlinked meanwhile", async () => {
    const file = temporaryLock();
    await heldFor(400, file, 'process.getBuiltinModule("node:fs").unlinkSync(lock.filename);');
    using lock = new LockFile(file);
    expect(lock.acquireSync({ timeout: 20_000 })).toBe(true);
    expect(readFileSync(file, "latin1")).toBe(`${process.pid}\n`);
  });
});

it.each([
  ["acquireSync", [0]],
  ["acquireSync", [0, 1]],
  ["acquire", [0, 2]],
  ["acquire", [0, 1, 2]],
])("%s waits, and ends, where the program has closed descriptors %j", async (operation, closed) => {
  const file = temporaryLock();
  const told = join(temporaryDirectory(), "told");
  await heldByFlock(file);
  // Longer than the tries before the kernel's queue.
  const child = scriptOn(
    file,
    `import { closeSync, writeFileSync } from "node:fs";
     for (const fd of ${JSON.stringify(closed)}) closeSync(fd);
     let said = "taken";
     try { await lock.${operation}({ timeout: 400 }); } catch (error) { said = error.code; }
     writeFileSync(${JSON.stringify(told)}, said);`,
  );
  expect(await child.end()).toMatchObject({ signal: null });
  expect(readFileSync(told, "utf8")).toBe("LOCK_TIMEOUT");
});
