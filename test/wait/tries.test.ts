import { spawn } from "node:child_process";
import { closeSync, openSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { performance } from "../../src/clock.js";
import { LockFile } from "../../src/index.js";
import { crowdAt } from "../../src/wait/crowd.js";
import { type Pause, Retry } from "../../src/wait/retry.js";
import { until } from "../support/bounded.js";
import { temporaryLock } from "../support/directory.js";
import { waitersOn } from "../support/proc-locks.js";

/** Two processes that exist as long as the test does: this one, and the one that started it. */
const [ONE, OTHER] = [process.pid, process.ppid];

/** A lock that another open file holds, which says in turn by whom. */
class Contended {
  readonly file: string = temporaryLock();
  tries: Retry = new Retry(this.file, "exclusive");
  readonly #holder = new LockFile(this.file);
  readonly #fd: number;
  #takes = 0;

  constructor() {
    this.#holder.acquireSync({ updatePid: false });
    this.#fd = openSync(this.file, "r+");
    onTestFinished(() => {
      closeSync(this.#fd);
      this.#holder.release();
    });
  }

  /** Makes the file say that this process has taken the lock just now. */
  taken(pid: number): this {
    writeFileSync(this.file, `${pid}\n`);
    // A time of its own for each, whatever the clock of the file system.
    this.#takes++;
    utimesSync(this.file, this.#takes, this.#takes);
    return this;
  }

  /** Tries once, in vain, and tells how to pause before the next try. */
  pause(): Pause | null {
    expect(this.tries.lock(this.#fd)).toBe(false);
    return this.tries.pause();
  }

  /** The same: how long (ms) to pause. */
  next(): number | null {
    return this.pause()?.ms ?? null;
  }

  /** Begins another wait for the same lock, in the same process. */
  again(): this {
    this.tries = new Retry(this.file, "exclusive");
    return this;
  }

  release(): boolean {
    this.#holder.release();
    return this.tries.lock(this.#fd);
  }
}

/** Has `flock` block in flock(2) until the test ends; the file is its descriptor 3. */
async function queue(file: string, ...args: readonly string[]): Promise<void> {
  const fd = openSync(file, "r+");
  const child = spawn("flock", args, { stdio: ["ignore", "ignore", "ignore", fd] });
  closeSync(fd);
  onTestFinished(() => void child.kill("SIGKILL"));
  await until("waiting", () => waitersOn(file)?.includes(child.pid ?? -1) === true);
}

/** A machine that is busy must not end the tries, by holds that last too long. */
function stopClock(): void {
  const now = vi.spyOn(performance, "now").mockReturnValue(performance.now());
  onTestFinished(() => now.mockRestore());
}

describe("the tries of a contender", () => {
  it("are a few at first, and get the lock as soon as it is free", () => {
    stopClock();
    const lock = new Contended().taken(ONE);
    expect([lock.next(), lock.next(), lock.next()]).toEqual([1, 1, 2]);
    expect(lock.next()).toBeGreaterThan(0);
    expect(lock.release()).toBe(true);
  });

  it("go on while the lock passes from process to process", () => {
    stopClock();
    const lock = new Contended();
    for (let i = 0; i < 20; i++) {
      expect(lock.taken(i % 2 === 0 ? ONE : OTHER).next()).toBeGreaterThan(0);
    }
  });

  it("end beside a process that takes the lock again and again", () => {
    stopClock();
    const lock = new Contended();
    const pauses = Array.from({ length: 5 }, () => lock.taken(ONE).next());
    expect(pauses.slice(0, 3)).toEqual([1, 1, 2]);
    expect(pauses.at(-1)).toBe(null);
    expect(lock.taken(OTHER).next()).toBe(null);
  });

  it("come at a release, alone or beside one other", () => {
    stopClock();
    const lock = new Contended().taken(ONE);
    expect(lock.pause()?.until).toBe("hint");
    expect(lock.pause()?.until).toBe("hint");
  });

  it("come at a release, but leave the lock to another that has waited for longer", () => {
    stopClock();
    const lock = new Contended();
    for (const pid of [ONE, OTHER, ONE, OTHER]) lock.taken(pid).pause();
    // One of them has the lock, and the other may have waited before this one.
    const first = lock.again().taken(ONE).pause();
    expect(first).toMatchObject({ until: "hint", headStart: 1 });
    expect(lock.taken(OTHER).pause()).toMatchObject({ until: "hint", headStart: 0 });
  });

  it("keep out of the way of a crowd: no hints, none quickly, the more of them the longer pauses", () => {
    stopClock();
    const meanPauses = [8, 32].map((size) => {
      const lock = new Contended();
      for (let i = 0; i < 2 * size; i++) lock.taken(1_000 + (i % size)).pause();
      const pauses = Array.from({ length: 100 }, (_, i) => lock.taken(1_000 + (i % size)).pause());
      expect(pauses.filter((pause) => pause?.until !== "end")).toEqual([]);
      return pauses.reduce((sum, pause) => sum + (pause?.ms ?? 0), 0) / pauses.length;
    });
    expect(meanPauses[1]).toBeGreaterThan(4 * (meanPauses[0] ?? 0));
    // Its first pause is longer than those that follow.
    const lock = new Contended();
    for (let i = 0; i < 8; i++) lock.taken(1_000 + i).pause();
    expect(lock.again().taken(1_000).next()).toBeGreaterThanOrEqual(2);
  });

  it("tell after a few holds that a crowd is large: nobody in it was seen twice", () => {
    stopClock();
    const lock = new Contended();
    for (let i = 0; i < 6; i++) lock.taken(1_000 + i).pause();
    expect(crowdAt(lock.file).size).toBeGreaterThan(16);
    for (let i = 0; i < 18; i++) lock.taken(1_000 + (i % 6)).pause();
    expect(crowdAt(lock.file).size).toBe(6);
  });

  it("forget a crowd that has gone", () => {
    const lock = new Contended();
    for (let i = 0; i < 16; i++) lock.taken(1_000 + (i % 8)).pause();
    expect(crowdAt(lock.file).size).toBe(8);
    const later = performance.now() + 5_000;
    const now = vi.spyOn(performance, "now").mockReturnValue(later);
    onTestFinished(() => now.mockRestore());
    expect(lock.again().taken(ONE).next()).toBe(1);
    expect(crowdAt(lock.file).size).toBe(1);
  });

  it("end at once where a process blocks in flock(2)", async () => {
    const lock = new Contended().taken(ONE);
    await queue(lock.file, lock.file, "true");
    // The kernel is asked in the background.
    await until("told to queue", () => lock.next() === null);
  });

  it("go on beside helpers of contenders like it", async () => {
    stopClock();
    const lock = new Contended().taken(ONE);
    await queue(lock.file, "-x", "3");
    expect(lock.next()).toBe(1);
  });

  it("end when they are told to", () => {
    const lock = new Contended().taken(ONE);
    lock.tries.end();
    expect(lock.next()).toBe(null);
  });
});
