import { type FSWatcher, fstatSync, watch } from "node:fs";
import { performance } from "../clock.js";
import { isHelper } from "../holder/evidence.js";
import { readStamp } from "../lock/stamp.js";
import type { LockMode } from "../options.js";
import { lockAs, triesAreSlow } from "../system/flock.js";
import {
  type LockTable,
  readLockTableSync,
  recentLockTable,
  type TableName,
  tableNameOf,
} from "../system/proc-locks.js";
import { commandOf } from "../system/process.js";
import type { Patience } from "./patience.js";

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
  /** Whether the thread is stopped between tries, so that nothing can be asked for in the background. */
  readonly #isSync: boolean;
  #round = 0;
  /** Where each try starts a program, the queue costs as much as a try, and no try helps. */
  #over = triesAreSlow();
  /** The holder that was seen last, and when (ms, by the file) it took the lock. */
  #holder: number | null = null;
  #taken = 0;
  /** When (ms, monotonic) that hold was seen first. */
  #since = this.#start;
  /** How often the lock was seen to be taken by the same process once more. */
  #retaken = 0;
  #limits = AT_FIRST;
  /** Whether the kernel's table, as it seems, does not list the locks of this file. */
  #isUnlisted = false;
  /** When (ms, monotonic) to ask the kernel again who waits in its queue. */
  #askNext = this.#start + ASK_FIRST_MS;
  /** A process that waits and could not be asked what it is, when it was seen last. */
  #nameless: number | null = null;

  readonly #path: string;

  readonly #mode: LockMode;

  constructor(path: string, mode: LockMode, isSync = false) {
    this.#path = path;
    this.#mode = mode;
    this.#isSync = isSync;
  }

  /** Trying any more is of no use. */
  end(): void {
    this.#over = true;
  }

  /** Tries to lock an open file; if somebody has the lock, looks who. */
  readonly lock = (fd: number): boolean => {
    if (lockAs(this.#mode, fd)) return true;
    try {
      if (!this.#over) this.#look(fd, performance.now());
    } catch {
      // The lock is busy, whatever keeps its file from being read.
    }
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
        if (this.#holder !== null) this.#limits = PASSED_ON;
      }
      this.#holder = pid;
      this.#taken = mtimeMs;
      this.#since = now;
    }
    if (now >= this.#askNext) this.#ask(tableNameOf({ fd }), now);
  }

  /** Whether the lock does not pass on as it should, or who waits for it cannot be known. */
  #isHopeless(now: number): boolean {
    return (
      this.#isUnlisted ||
      this.#retaken >= MOST_RETAKEN ||
      now - this.#since > this.#limits.hold ||
      now - this.#start > LONGEST_MS
    );
  }

  /** Asks the kernel who waits in its queue, rarely, as that slows down every flock(2) of the machine. */
  #ask(name: TableName, now: number): void {
    this.#askNext = now + ASK_AGAIN_MS;
    if (this.#isSync) this.#see(readLockTableSync(), name);
    else if (now - lastAnswer.at < ASK_AGAIN_MS && lastAnswer.path === this.#path) this.#believe();
    else void recentLockTable(ASK_AGAIN_MS / 2).then((table) => this.#see(table, name));
  }

  /** It stops if somebody waits there who has not come from here. */
  #see(table: LockTable | null, name: TableName): void {
    const isListed = table !== null && table.of(name).length > 0;
    const nameless = this.#nameless;
    this.#nameless = null;
    let strangers = false;
    for (const pid of table?.waitersOf(name) ?? []) {
      if (isHelper(pid)) continue;
      // In the moment of its exec, a helper has no command line.
      if (pid > 0 && commandOf(pid) === null && pid !== nameless) {
        this.#nameless = pid;
        this.#askNext = 0;
      } else strangers = true;
    }
    const before = lastAnswer.path === this.#path ? lastAnswer.unlisted : 0;
    const unlisted = isListed ? 0 : before + 1;
    lastAnswer = { path: this.#path, at: performance.now(), unlisted, strangers };
    this.#believe();
  }

  #believe(): void {
    this.#isUnlisted = lastAnswer.unlisted >= UNLISTED_AFTER;
    this.#over ||= lastAnswer.strangers;
  }
}

/** What the kernel said last: contenders that take a lock again and again need not ask each time. */
let lastAnswer = { path: "", at: Number.NEGATIVE_INFINITY, unlisted: 0, strangers: false };

/**
 * Tells of releases: a release blanks the stamp, and inotify(7) tells who watches the file. A hint is never proof
 * and never needed: if there is none (no inotify, NFS, no watch left), the pause between two tries ends by itself.
 *
 * If all that wait woke at each release, they would be a herd that keeps the processor from the holder: so each has
 * a ration of hints for a wait, a smaller one the more contend, and when it is used up it polls.
 */
export class ReleaseHint {
  static #ration = 6;
  readonly #path: string;
  #left = ReleaseHint.#ration;
  #watcher: FSWatcher | null = null;
  #onHint: (() => void) | null = null;
  /** Whether a hint ended the last pause. */
  #isHinted = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** Pauses for `ms` milliseconds, until the lock is released, or until patience is over. */
  async pause(ms: number, patience: Patience): Promise<void> {
    if (this.#isHinted) this.#wasInVain();
    if (this.#left <= 0) return patience.sleep(ms);
    this.#watch();
    await patience.race(ms, (done) => {
      this.#onHint = () => {
        this.#isHinted = true;
        done();
      };
    });
    this.#onHint = null;
  }

  /** The lock could not be had after the last hint. */
  #wasInVain(): void {
    this.#isHinted = false;
    if (--this.#left > 0) return;
    // All of them were in vain: many contend.
    ReleaseHint.#ration = Math.max(FEWEST_HINTS, ReleaseHint.#ration >> 1);
    this.close();
  }

  /** The wait is over. @param won Whether the lock was had. */
  close(won = false): void {
    if (won && this.#left > 0 && ReleaseHint.#ration < MOST_HINTS) ReleaseHint.#ration++;
    this.#watcher?.close();
    this.#watcher = null;
  }

  #watch(): void {
    if (this.#watcher !== null) return;
    try {
      this.#watcher = watch(this.#path, { persistent: false }, () => this.#onHint?.());
      this.#watcher.on("error", () => this.close());
    } catch {
      this.#left = 0; // No inotify, or none left: the pauses end by themselves.
    }
  }
}

/** Hints for each wait, at most and at least. */
const MOST_HINTS = 6;
const FEWEST_HINTS = 1;

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
const PASSED_ON: Limits = { pause: 20, hold: 200 };

/** Once or twice may be chance, if few processes contend. */
const MOST_RETAKEN = 3;

/** A waiter that has not been lucky by then queues. */
const LONGEST_MS = 1_000;

/** To read the kernel's table alone takes 5 to 8 ms: short waits end without it. */
const ASK_FIRST_MS = 1;
const ASK_AGAIN_MS = 100;

/** How often in a row the table has no line of a file before it is believed: it may be read between two holders. */
const UNLISTED_AFTER = 3;
