import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync, watch, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { LockFile } from "../../src/index.js";
import { Patience } from "../../src/wait/patience.js";
import { ReleaseHint } from "../../src/wait/retry.js";
import { until, within } from "../support/bounded.js";
import { inChild } from "../support/child.js";
import { temporaryLock } from "../support/directory.js";
import { Peer } from "../support/peer.js";
import { helperWaits } from "../support/script.js";

/** How many files this process watches by inotify(7). */
function watches(): number {
  return readdirSync("/proc/self/fd").reduce((sum, fd) => {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`) !== "anon_inode:inotify") return sum;
      const info = readFileSync(`/proc/self/fdinfo/${fd}`, "latin1");
      return sum + info.split("\n").filter((line) => line.startsWith("inotify wd:")).length;
    } catch {
      return sum; // Closed meanwhile.
    }
  }, 0);
}

/** Longer than any bound of these tests, so that no pause ends by itself. */
const FOR_EVER_MS = 600_000;

/** A wait whose pause has begun, and which watches its file. */
async function paused(headStart?: number): Promise<{
  readonly file: string;
  readonly patience: Patience;
  readonly pause: Promise<void>;
  /** Ends the wait, and sees to it that nothing is watched any more. */
  readonly end: () => Promise<void>;
}> {
  const file = temporaryLock();
  writeFileSync(file, "1\n");
  const patience = new Patience(FOR_EVER_MS);
  const hint = new ReleaseHint(file);
  const before = watches();
  const pause = hint.pause(FOR_EVER_MS, patience, headStart);
  await until("it watches", () => watches() > before);
  const end = async (): Promise<void> => {
    hint.close();
    patience.stop();
    await until("it watches no more", () => watches() === before);
    expect(watches()).toBe(before);
  };
  return { file, patience, pause, end };
}

describe("a hint", () => {
  it("ends the pause of a waiter when somebody writes into the file", async () => {
    const { file, pause, end } = await paused();
    writeFileSync(file, " \n");
    await within(20_000, "the hint", pause);
    await end();
  });

  it("comes twice: with the end of the stamp, when a try is too early, and once the lock is free", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const before = statSync(file).mtimeMs;
    // A hold that nobody can have begun to watch tells nobody.
    await sleep(2);
    let events = 0;
    const watcher = watch(file, () => events++);
    onTestFinished(() => watcher.close());
    await holder.release([file]);
    await until("both", () => events >= 2);
    expect(new LockFile(file).acquireSync({ raiseIfFail: false, updatePid: false })).toBe(true);
    expect(statSync(file).mtimeMs).toBeGreaterThanOrEqual(before);
  });

  it("is waited for twice, the second time for a millisecond: the holder may not say that it has unlocked", async () => {
    const { file, patience, pause, end } = await paused();
    const race = vi.spyOn(patience, "race");
    writeFileSync(file, " \n");
    await within(20_000, "the hint", pause);
    expect(race.mock.calls.map(([ms]) => ms)).toEqual([1]);
    await end();
  });

  it("may leave a head start to others", async () => {
    const { file, patience, pause, end } = await paused(2);
    const sleep = vi.spyOn(patience, "sleep");
    writeFileSync(file, " \n");
    await within(20_000, "the hint", pause);
    expect(sleep.mock.calls).toEqual([[2]]);
    await end();
  });

  it("does not outlive its wait: one that is over takes its watch along", async () => {
    const { patience, pause, end } = await paused();
    patience.stop();
    await within(20_000, "the end", pause);
    await end();
  });

  it("is not listened to in the kernel's queue", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const before = watches();
    const lock = new LockFile(file);
    const acquired = lock.acquire({ timeout: 40_000 });
    await helperWaits(file);
    await until("it watches no more", () => watches() === before);
    await holder.release([file]);
    expect(await acquired).toBe(true);
    lock.release();
  });

  // In a user namespace of its own, whose limit is not that of the machine.
  const limit = "/proc/sys/user/max_inotify_instances";
  const canLimit =
    spawnSync("unshare", ["-Ur", "sh", "-c", `echo 0 > ${limit}`], { stdio: "ignore" }).status ===
    0;

  it.skipIf(!canLimit)("is not needed: a process without inotify waits all the same", async () => {
    const file = temporaryLock();
    const holder = await Peer.holding(file);
    const script = `
      const lock = new LockFile(args[0]);
      let watched = true;
      try {
        fs.watch(args[0]).close();
      } catch (error) {
        watched = error.code;
      }
      const waiting = lock.acquire({ timeout: 40_000 });
      fs.writeFileSync(args[1], "");
      tell({ watched, got: await attempt(() => waiting) });
    `;
    const sign = `${file}.waits`;
    const seen = inChild(script, {
      args: [file, sign],
      shell: `exec unshare -Ur sh -c 'echo 0 > ${limit}; exec "$@"' sh "$@"`,
    });
    await until("it waits", () => {
      try {
        return readFileSync(sign, "latin1") === "";
      } catch {
        return false;
      }
    });
    await holder.release([file]);
    expect(await seen).toEqual({ watched: "EMFILE", got: { value: true } });
  });
});
