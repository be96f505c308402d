import { tellsAcquired } from "../channels.js";
import { clearTimer, performance, setTimer } from "../clock.js";
import { mayPass } from "../errors.js";
import { type Hold, heldAgainst, isHeldAgainst } from "../lock/held.js";
import { confirm, type Manner, openFor, tryTake } from "../lock/take.js";
import { lockAs, triesAreSlow } from "../system/flock.js";
import { closeQuietly, identityOf, type OpenFile } from "../system/open-file.js";
import { type LockTable, recentLockTable, tableNameOf } from "../system/proc-locks.js";
import { sleepSync, Turn } from "../system/sleep.js";
import { queueInKernel, queueInKernelSync } from "./kernel-queue.js";
import type { Patience } from "./patience.js";
import { type Pause, ReleaseHint, Retry } from "./retry.js";
import { handedOver, inTurn, type Succession } from "./thread-queue.js";

/**
 * Waits for the lock of `path` until it is held or patience is over: behind the contenders of this thread, at the
 * front of them with some quick tries, then in the kernel's queue. What may pass by itself, such as that no
 * descriptor is left, is waited out as well.
 *
 * @returns null if patience is over.
 * @throws what the last try threw, if that did not pass within the time.
 */
export function waitToTake(path: string, terms: Manner, patience: Patience): Promise<Hold | null> {
  return inTurn(path, patience, async () => {
    const hint = new ReleaseHint(path);
    try {
      const outage = new Outage(patience.left);
      for (;;) {
        outage.start();
        try {
          return await contend(path, terms, patience, hint);
        } catch (error) {
          if (!outage.mayPass(error)) throw error;
          await patience.sleep(pollingPause());
          if (patience.over && patience.left > 0) return null;
          if (patience.over) throw error;
        }
      }
    } finally {
      hint.close();
    }
  });
}

async function contend(
  path: string,
  terms: Manner,
  patience: Patience,
  hint: ReleaseHint,
): Promise<Hold | null> {
  const retry = new Retry(path, terms.mode);
  // Whoever begins to wait has just tried, and whoever gave up before it at the front of the line had, too: of a
  // thousand waits that end at once, each would try once more. Who comes to share the lock finds it shared by the one
  // before.
  let hasTried = terms.mode === "exclusive" || heldAgainst(path, "exclusive") === undefined;
  while (!patience.over) {
    const before = heldAgainst(path, terms.mode);
    let passed = false;
    if (before !== undefined) {
      before.since ??= performance.now();
      const handOver = new HandOver(before.file, before.since, terms);
      const inherited = await handedOver(path, patience, handOver).finally(() => handOver.end());
      if (inherited !== null || patience.over) return inherited;
      // Whoever is busy with the lock now has waited for it outside, and will again.
      retry.end();
      passed = handOver.waitedFor;
      if (!passed) await patience.yieldToEventLoop();
    }
    // A lock that was passed on is on its way to another process: no try goes before it.
    if (!passed && !hasTried) {
      while (turn.isLong && !patience.over) await patience.yieldToEventLoop();
      if (patience.over) return null;
      const hold = tryTake(path, terms, retry.lock);
      if (hold !== null) return hold;
    }
    hasTried = false;
    if (heldAgainst(path, terms.mode) !== undefined) continue;
    const pause = retry.pause();
    // Each write would wake this process, in vain.
    if (pause === null || pause.until === "end") hint.close();
    if (pause !== null) {
      await rest(pause, patience, hint);
      continue;
    }
    const late = await queueOutside(path, terms, patience, hint);
    if (late !== null) return late;
  }
  return null;
}

/** Pauses between two tries, for longer if this thread tries to get many locks. */
async function rest(pause: Pause, patience: Patience, hint: ReleaseHint): Promise<void> {
  trying++;
  try {
    const ms = Math.max(pause.ms, trying * TRY_MS * (0.5 + Math.random()));
    if (pause.until === "hint") await hint.pause(ms, patience, pause.headStart);
    else await patience.sleep(ms);
  } finally {
    trying--;
  }
}

/** Timers of a thousand files that are due together would stop the event loop for a tenth of a second by their tries. */
const turn = new Turn();

/**
 * The same, but stops this thread: no timer fires, no promise settles, no signal handler runs.
 *
 * @param timeout in ms; `Infinity` for no limit.
 * @returns null if the time is over, "deadlock" if this thread holds the lock itself.
 */
export function waitToTakeSync(
  path: string,
  terms: Manner,
  timeout: number,
): Hold | "deadlock" | null {
  const deadline = performance.now() + timeout;
  const retry = new Retry(path, terms.mode, true);
  const outage = new Outage(timeout);
  for (;;) {
    outage.start();
    try {
      const hold = tryToTakeSync(path, terms, deadline, retry);
      if (hold !== null) return hold;
      if (performance.now() >= deadline) return null;
    } catch (error) {
      if (performance.now() >= deadline || !outage.mayPass(error)) throw error;
      sleepSync(Math.min(pollingPause(), Math.max(0, deadline - performance.now())));
    }
  }
}

function tryToTakeSync(
  path: string,
  terms: Manner,
  deadline: number,
  retry: Retry,
): Hold | "deadlock" | null {
  const file = openFor(terms, path);
  let hold: Hold | null = null;
  let isOpen = true;
  try {
    const identity = identityOf(file);
    if (isHeldAgainst(file, identity, terms.mode)) return "deadlock";
    let locked = retry.lock(file.fd);
    const left = deadline - performance.now();
    const pause = locked || left <= 0 ? undefined : retry.pause();
    if (pause === null) {
      const outcome = queueInKernelSync(file, identity, terms.mode, deadline);
      locked = outcome === "granted";
      isOpen = locked;
      if (outcome === "unavailable") sleepSync(Math.min(pollingPause(), Math.max(0, left)));
    } else if (pause !== undefined) sleepSync(Math.min(pause.ms, left));
    if (locked) hold = confirm(file, terms, null);
    return hold;
  } finally {
    if (hold === null && isOpen) closeQuietly(file.fd);
  }
}

/** A row of tries of one wait that fail by what may pass. */
class Outage {
  /** How long (ms) it may last: a wait without a limit does not wait for ever for a descriptor. */
  readonly #longest: number;
  /** When (ms, monotonic) this try began, and the first of the row. */
  #tried = 0;
  #since: number | null = null;

  constructor(timeout: number) {
    this.#longest = timeout === Number.POSITIVE_INFINITY ? LONGEST_OUTAGE_MS : timeout;
  }

  /** Before each try. */
  start(): void {
    this.#tried = performance.now();
  }

  /** Whether to try again after a try that failed. */
  mayPass(error: unknown): boolean {
    const now = performance.now();
    // One that waited in between did not fail at once: the outage is a new one.
    if (now - this.#tried > OUTAGE_IS_NEW_MS) this.#since = null;
    this.#since ??= this.#tried;
    return mayPass(error) && now - this.#since <= this.#longest;
  }
}

/**
 * Takes the lock after another hold of this thread, at the moment of its release: as long as the thread
 * has had it for less than a turn, ahead of other processes that came first.
 */
class HandOver implements Succession {
  /** Whether the turn is over, and somebody waits for the lock in the kernel's queue. */
  waitedFor = false;
  readonly #file: OpenFile;
  readonly #since: number;
  readonly #terms: Manner;
  #over = false;
  /** Whether somebody waited in the kernel's queue when it was last asked: a release must not stop for that. */
  #others = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: OpenFile, since: number, terms: Manner) {
    this.#file = file;
    this.#since = since;
    this.#terms = terms;
    // The answer takes some milliseconds: asked so early that it is there when the turn is over.
    this.#askIn(Math.max(0, since + TURN_MS / 2 - performance.now()));
  }

  readonly prepare = (): void => {
    this.#over = performance.now() - this.#since >= TURN_MS;
    this.waitedFor = this.#over && this.#others;
  };

  /** @returns null if the turn is over, or another process was faster. */
  readonly succeed = (): Hold | null =>
    this.#over ? null : tryTake(this.#file.path, this.#terms, this.#lock, this.#since);

  readonly #lock = (fd: number): boolean => lockAs(this.#terms.mode, fd);

  end(): void {
    clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #askIn(ms: number): void {
    this.#timer = setTimer(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    const table = await recentLockTable(TURN_MS / 2);
    this.#others = table === null || isWaitedFor(table, this.#file);
    if (this.#timer !== undefined) this.#askIn(ASK_AGAIN_MS);
  }
}

function isWaitedFor(table: LockTable, file: OpenFile): boolean {
  try {
    return table.waitersOf(tableNameOf(file)).length > 0;
  } catch {
    return false; // Somebody closed the descriptor of the hold, or it was released meanwhile.
  }
}

/** One round of waiting in the kernel's queue. */
async function queueOutside(
  path: string,
  terms: Manner,
  patience: Patience,
  hint: ReleaseHint,
): Promise<Hold | null> {
  const file = openFor(terms, path);
  // A helper is started when its turn comes: until then this contender polls, the more rarely the more do.
  const untilStarted = async (isStarted: () => boolean): Promise<boolean> => {
    polling++;
    try {
      await patience.yieldToEventLoop();
      while (!isStarted() && !patience.over) {
        if (!triesAreSlow() && lockAs(terms.mode, file.fd)) return true;
        await patience.sleep(Math.max(SHORTEST_POLL_MS, polling * POLL_MS));
      }
      return false;
    } finally {
      polling--;
    }
  };
  const { outcome, granted } = await queueInKernel(
    file,
    terms.mode,
    patience,
    tellsAcquired(),
    untilStarted,
  );
  if (outcome === "unavailable") await hint.pause(pollingPause(), patience);
  if (outcome !== "granted") return null;
  let hold: Hold | null = null;
  try {
    hold = confirm(file, terms, null);
    if (hold !== null) hold.granted = granted;
    return hold;
  } finally {
    if (hold === null) closeQuietly(file.fd);
  }
}

/**
 * How long (ms) a thread may pass the lock on among its contenders while other processes wait for it: about as long
 * as it takes to start the helper with which it queues behind them, or it would be waiting most of the time.
 */
const TURN_MS = 10;

/** How long (ms) a wait without a limit waits for what may pass. */
const LONGEST_OUTAGE_MS = 10_000;
const OUTAGE_IS_NEW_MS = 500;

/** How often (ms) to ask who waits beside a long hold of this thread. */
const ASK_AGAIN_MS = 100;

/** How many rest between two tries. */
let trying = 0;

/**
 * How often (ms) each of them tries, for each of them: a try with its look takes about 0.05 ms, so that a thousand leave
 * the processor to what else there is to do.
 */
const TRY_MS = 0.2;

/** How many wait for the start of their helper. */
let polling = 0;

/** How often (ms) each of them tries: at least, and for each of them, so that all together try 20 times in a millisecond. */
const SHORTEST_POLL_MS = 4;
const POLL_MS = 0.05;

/** If the kernel cannot queue us: at most 10 ms, or ten tries a second or so that each start a program; never in step. */
function pollingPause(): number {
  const shortest = triesAreSlow() ? 50 : 5;
  return shortest * (1 + Math.random());
}
