import { describe, expect, it, onTestFinished } from "vitest";
import { LockFile } from "../../src/index.js";
import { until, within } from "../support/bounded.js";
import { inChild } from "../support/child.js";
import { temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helpersOn, helperWaits } from "../support/script.js";

/** A lock file that another process holds, and what its end is. */
async function busy(): Promise<{ file: string; holder: Peer }> {
  const file = temporaryLock();
  return { file, holder: await Peer.holding(file) };
}

/** What an acquire comes to: its value, or the code of its error. */
function fate(acquire: Promise<unknown>): Promise<unknown> {
  return within(
    20_000,
    "the end of an acquire",
    acquire.catch(({ code }) => code),
  );
}

describe("an acquire that waits", () => {
  it.each([
    ["release", (lock: LockFile) => lock.release()],
    ["dispose", (lock: LockFile) => lock[Symbol.dispose]()],
    ["asynchronous dispose", (lock: LockFile) => lock[Symbol.asyncDispose]()],
  ])("is ended by %s of its object: LockReleased, or false", async (_how, end) => {
    const { file } = await busy();
    const loud = new LockFile(file, { wait: true });
    const quiet = new LockFile(file, { wait: true, raiseIfFail: false });
    const fates = [
      ...[loud.acquire(), loud.acquire({ timeout: 60_000 }), loud.withLock(() => "ran")],
      ...[loud.withLock(() => "ran"), quiet.acquire(), quiet.withLock((locked) => locked)],
    ].map(fate);
    await helperWaits(file);
    await end(loud);
    await end(quiet);
    expect(await Promise.all(fates)).toEqual([
      ...["LOCK_RELEASED", "LOCK_RELEASED", "LOCK_RELEASED", "LOCK_RELEASED"],
      ...[false, false],
    ]);
    expect([loud.held, quiet.held]).toEqual([false, false]);
    await until("no helper", () => helpersOn(file).length === 0);
  });

  it("leaves the waits of other objects alone, and its own object usable", async () => {
    const { file, holder } = await busy();
    const one = new LockFile(file, { wait: true });
    const other = new LockFile(file, { wait: true });
    const first = fate(one.acquire());
    const second = fate(other.acquire());
    one.release();
    expect(await first).toBe("LOCK_RELEASED");
    const again = fate(one.acquire());
    await holder.release([file]);
    expect(await second).toBe(true);
    other.release();
    expect(await again).toBe(true);
    one.release();
  });

  it("in a Promise.race and a using block leaks no descriptor, helper or timer", async () => {
    const { file } = await busy();
    const script = `
      const open = () => fs.readdirSync("/proc/self/fd").filter((fd) => {
        try { return fs.readlinkSync("/proc/self/fd/" + fd) === args[0]; } catch { return false; }
      }).length;
      // Longer than the tries, so that some wait in the kernel's queue.
      for (let n = 0; n < 30; n++) {
        const lock = new LockFile(args[0]);
        const acquire = lock.acquire({ timeout: 600_000 });
        acquire.catch(() => {});
        await Promise.race([acquire, new Promise((resolve) => setTimeout(resolve, n < 25 ? 1 : 200))]);
        // As at the end of a using block, whose syntax Node.js 20 does not have.
        lock[Symbol.dispose]();
      }
      const end = performance.now() + 20_000;
      while (open() > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 2));
      // If a timer of 600 s were left, this child would not end.
      tell({ open: open() });
    `;
    expect(await inChild(script, { args: [file] })).toEqual({ open: 0 });
    await until("no helper", () => helpersOn(file).length === 0);
  });
});

describe("withLock", () => {
  it("takes the options of acquire", async () => {
    const { file } = await busy();
    const lock = new LockFile(file);
    expect(await fate(lock.withLock(() => "ran", { timeout: 10 }))).toBe("LOCK_TIMEOUT");
    expect(await lock.withLock((locked) => locked, { timeout: 10, raiseIfFail: false })).toBe(
      false,
    );
    const controller = new AbortController();
    const aborted = lock.withLock(() => "ran", { wait: true, signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
  });

  it("and acquire take the timeout of the constructor", async () => {
    const { file } = await busy();
    const lock = new LockFile(file, { timeout: 10 });
    expect(await fate(lock.acquire())).toBe("LOCK_TIMEOUT");
    expect(await fate(lock.withLock(() => "ran"))).toBe("LOCK_TIMEOUT");
    expect(() => lock.acquireSync()).toThrow(/still busy after/);
    expect(await fate(lock.acquire({ wait: false }))).toBe("LOCK_BUSY");
  });

  it("called 8,000 times at once costs each call no more work than 1,000 times", async () => {
    const work = async (calls: number): Promise<number> => {
      const lock = new LockFile(temporaryLock(), { wait: true });
      onTestFinished(() => lock.release());
      const { user } = process.cpuUsage();
      await Promise.all(Array.from({ length: calls }, () => lock.withLock(() => {})));
      return (process.cpuUsage().user - user) / calls;
    };
    await work(1_000);
    // A queue that is searched or copied costs 3.7 times as much, and grows with the calls. What else a busy machine
    // makes a process pay for passes: the least of some turns counts.
    let [few, many] = [Infinity, Infinity];
    for (let turn = 0; turn < 8 && !(many / few < 3); turn++) {
      few = Math.min(few, await work(1_000));
      many = Math.min(many, await work(8_000));
    }
    expect(many / few).toBeLessThan(3);
  });
});
