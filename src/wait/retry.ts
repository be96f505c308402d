import { fstatSync } from "node:fs";
import { isHelper } from "../holder/evidence.js";
import { readStamp } from "../lock/stamp.js";
import { lockExclusive } from "../system/flock.js";
import { readLockTableSync, tableNameOf } from "../system/proc-locks.js";

/**
 * The tries of a contender before it goes into the kernel's queue.
 *
 * The queue costs a helper process for each wait, which is as much work as some hundred tries: processes that
 * all queue for holds of some ms keep the machine busy with helpers, and get little done (`npm run bench shares`).
 * So a contender goes on trying while the lock passes from process to process, and nobody but contenders like
 * this one wants it. It stops at once where trying would starve: beside processes that block in flock(2),
 * and beside one that takes the lock again and again.
 */
export class Retry {
  readonly #start = performance.now();
  #round = 0;
  #over = false;
  /** The holder that was seen last, and when (ms, by the file) it took the lock. */
  #holder: number | null = null;
  #taken = 0;
  /** When (ms, monotonic) that hold was seen first. */
  #since = this.#start;
  /** How often the lock was seen to be taken by the same process once more. */
  #retaken = 0;
  #limits = AT_FIRST;
  /** Whether the kernel's table lists the file; elsewhere than on Linux there is none. */
  #listed = false;
  /** When (ms, monotonic) to ask the kernel again who waits in its queue. */
  #askNext = 0;

  /** Trying any more is of no use. */
  end(): void {
    this.#over = true;
  }

  /** Tries to lock an open file; if somebody has the lock, looks who. */
  readonly lock = (fd: number): boolean => {
    if (lockExclusive(fd)) return true;
    if (!this.#over) this.#look(fd, performance.now());
    return false;
  };

  /** @returns how long (ms) to pause before the next try; null if it is time for the queue. */
  pause(): number | null {
    if (this.#over) return null;
    const quick = QUICK_PAUSES_MS[this.#round++];
    if (quick !== undefined) return quick;
    const now = performance.now();
    this.#over = this.#isHopeless(now);
    if (this.#over) return null;
    // The more contend, the longer each has waited, and the more rarely it tries, so that they leave the
    // processor to the holder.
    const mean = Math.min(this.#limits.pause, Math.max(1, (now - this.#start) / 2));
    return mean * (0.5 + Math.random());
  }

  #look(fd: number, now: number): void {
    const { pid } = readStamp(fd);
    const { mtimeMs } = fstatSync(fd);
    // Between two holders nobody's PID is in the file.
    if (pid !== null && mtimeMs !== this.#taken) {
      if (pid === this.#holder) this.#retaken++;
      else {
        this.#retaken = 0;
        if (this.#holder !== null) this.#limits = WHERE_IT_PASSES_ON;
      }
      this.#holder = pid;
      this.#taken = mtimeMs;
      this.#since = now;
    }
    if (now >= this.#askNext) this.#over = this.#isQueuedFor(fd, now);
  }

  /** Whether the lock does not pass on as it should, or who waits for it cannot be known. */
  #isHopeless(now: number): boolean {
    return (
      !this.#listed ||
      this.#retaken >= MOST_RETAKEN ||
      now - this.#since > this.#limits.hold ||
      now - this.#start > LONGEST_MS
    );
  }

  /** Whether somebody waits in the kernel's queue who has not come there from here. */
  #isQueuedFor(fd: number, now: number): boolean {
    const name = tableNameOf({ fd });
    const table = readLockTableSync();
    this.#listed ||= table !== null && table.of(name).length > 0;
    const isStranger = (pid: number): boolean =>
      !isHelper(pid) && readLockTableSync()?.waitersOf(name).includes(pid) === true;
    const queued = table?.waitersOf(name).some(isStranger) === true;
    // The table may be long: a twentieth of the time is enough for it.
    const after = performance.now();
    this.#askNext = after + Math.max(ASK_AGAIN_MS, 20 * (after - now));
    return queued;
  }
}

/** Most waits are short. */
const QUICK_PAUSES_MS: readonly number[] = [1, 1, 2];

/** The longest mean pause, and the longest hold that is not worth a helper, in ms. */
interface Limits {
  readonly pause: number;
  readonly hold: number;
}

/** It may be one long hold: then the queue, once there, hands over faster than any pause. */
const AT_FIRST: Limits = { pause: 4, hold: 100 };

/** The lock has passed from one process to another; a hold that lasts longer is one without a processor. */
const WHERE_IT_PASSES_ON: Limits = { pause: 20, hold: 200 };

/** Once or twice may be chance, if few processes contend. */
const MOST_RETAKEN = 3;

/** A waiter that has not been lucky by then queues. */
const LONGEST_MS = 1_000;

const ASK_AGAIN_MS = 5;
