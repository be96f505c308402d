import { type FSWatcher, fstatSync, watch } from "node:fs";
import { performance, soon } from "../clock.js";
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
import { type Crowd, crowdAt } from "./crowd.js";
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
  readonly #crowd: Crowd;
  /** How often the lock was seen to be taken by others during this wait. */
  #passed = 0;
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
    this.#crowd = crowdAt(path);
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

  /** @returns how to pause before the next try; null if it is time for the queue. */
  pause(): Pause | null {
    if (this.#over) return null;
    const others = this.#crowd.size;
    const now = performance.now();
    return others < FEWEST_OF_CROWD
      ? this.#pauseAmongFew(others, now)
      : this.#pauseInCrowd(others, now);
  }

  #pauseAmongFew(others: number, now: number): Pause | null {
    const isNext = this.#passed >= others - 1;
    const quick = QUICK_PAUSES_MS[this.#round++];
    if (isNext && quick !== undefined) return { ms: quick, until: "hint", headStart: 0 };
    const ms = this.#pauseOf(1, this.#start, now);
    return ms === null ? null : { ms, until: "hint", headStart: isNext ? 0 : HEAD_START_MS };
  }

  /**
   * Hints would wake all of them at each release, and keep the processor from the holder; equal pauses make equal
   * shares. At first it stays out of the way of those that came before it.
   *
   * 8 processes try once in a millisecond each, 32 once in 8: as each try wakes a process, and the more there are, the
   * less of each is left in the caches of the processor, that is when they get most done (`npm run bench shares`).
   */
  #pauseInCrowd(others: number, now: number): Pause | null {
    const mean = this.#round++ === 0 ? others / 2 : others ** 1.5 / 20;
    const ms = this.#pauseOf(mean, this.#since, now);
    return ms === null ? null : { ms, until: "end", headStart: 0 };
  }

  /**
   * The longer it lasts, the more rarely it is tried, so that contenders leave the processor to the holder.
   *
   * @param least The shortest mean (ms).
   * @param start Since when (ms, monotonic) it lasts.
   * @returns ms, never in step with others; null if pauses are of no use any more.
   */
  #pauseOf(least: number, start: number, now: number): number | null {
    this.#over = this.#isHopeless(now);
    if (this.#over) return null;
    const mean = Math.max(least, Math.min(this.#limits.pause, (now - start) / 2));
    return mean * (0.5 + Math.random());
  }

  #look(fd: number, now: number): void {
    const { pid } = readStamp(fd);
    const { mtimeMs } = fstatSync(fd);
    if (pid !== null && (mtimeMs !== this.#taken || pid !== this.#holder)) {
      this.#crowd.saw(pid, now);
      if (this.#holder !== null) this.#passed++;
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

/** How to pause between two tries. */
export interface Pause {
  readonly ms: number;
  /** Whether a hint of a release ends it. */
  readonly until: "end" | "hint";
  /** How long (ms) after a hint the lock is left to who has waited for longer. */
  readonly headStart: number;
}

/**
 * Tells of releases. A release blanks the stamp and, once the lock is free, touches the file; inotify(7) tells who watches
 * it of both. A hint is never proof and never needed: if there is none (no inotify, NFS, no watch left), the pause
 * between two tries ends by itself.
 */
export class ReleaseHint {
  readonly #path: string;
  #isAvailable = true;
  #watcher: FSWatcher | null = null;
  #onEvent: (() => void) | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** Pauses for `ms` milliseconds, until `headStart` ms after a release of the lock, or until patience is over. */
  async pause(ms: number, patience: Patience, headStart = 0): Promise<void> {
    // Of a thousand that are over at once, each comes to the front of the line for a moment.
    if (patience.left > 0) this.#watch();
    if (!(await this.#happens(ms, patience))) return;
    // A try at once would be in vain, and keep the holder from its unlock: the kernel wakes who watches a file on the
    // processor of the one who writes into it.
    await this.#happens(UNLOCKS_WITHIN_MS, patience);
    if (headStart > 0) await patience.sleep(headStart);
  }

  /** Waits for an event of the file for at most `ms` milliseconds. @returns whether there was one. */
  async #happens(ms: number, patience: Patience): Promise<boolean> {
    let happened = false;
    await patience.race(ms, (done) => {
      this.#onEvent = () => {
        happened = true;
        done();
      };
    });
    this.#onEvent = null;
    return happened;
  }

  /** Watches the file no more, until the next pause. The watch goes a moment later: who has got the lock goes on first. */
  close(): void {
    const watcher = this.#watcher;
    this.#watcher = null;
    if (watcher !== null) soon(() => watcher.close());
  }

  #watch(): void {
    if (this.#watcher !== null || !this.#isAvailable) return;
    try {
      this.#watcher = watch(this.#path, { persistent: false }, () => this.#onEvent?.());
      this.#watcher.on("error", () => this.close());
    } catch {
      this.#isAvailable = false; // No inotify, or none left: the pauses end by themselves.
    }
  }
}

/** So many others that hints would wake too many. */
const FEWEST_OF_CROWD = 3;

/**
 * Of two that wait, the one that came first has had the lock when the other is next. If both tried at once, the kernel
 * would wake them in the same order each time, and of three that hold it for 20 ms one would hardly get it.
 */
const HEAD_START_MS = 1;

/** Whoever has blanked its stamp has released the lock by then, if it gets a processor; it may not say so. */
const UNLOCKS_WITHIN_MS = 1;

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
