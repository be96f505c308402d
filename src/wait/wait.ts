import { type Hold, heldHere, isHeldHere } from "../lock/held.js";
import { confirm, type Stamping, tryTake } from "../lock/take.js";
import { closeQuietly, identityOf, type OpenFile, openToLock } from "../system/open-file.js";
import { readLockTableSync, type TableName, tableNameOf } from "../system/proc-locks.js";
import { sleepSync } from "../system/sleep.js";
import {
  interruptKernelWaits,
  type Outcome,
  queueInKernel,
  queueInKernelSync,
} from "./kernel-queue.js";
import type { Patience } from "./patience.js";
import { Retry } from "./retry.js";
import { handedOver, inTurn, type Succession } from "./thread-queue.js";

/**
 * Waits for the lock of `path` until it is held or patience is over: in line with the contenders of
 * this thread, at the front of it some quick tries, then in the kernel's queue.
 *
 * @returns null where patience is over.
 */
export function waitToTake(
  path: string,
  terms: Stamping,
  patience: Patience,
): Promise<Hold | null> {
  return inTurn(path, patience, async () => {
    const tries = new Retry();
    while (!patience.over) {
      const before = heldHere(path);
      let passed = false;
      if (before !== undefined) {
        before.since ??= performance.now();
        const turn = new HandOver(before.file, before.since, terms);
        const inherited = await handedOver(path, patience, turn);
        if (inherited !== null || patience.over) return inherited;
        // Whoever is busy with the lock now has waited for it outside, and will again.
        tries.end();
        passed = turn.waitedFor;
        if (!passed) await patience.yieldToEventLoop();
      }
      // A lock that was passed on is on its way to another process: no try goes before it.
      const hold = passed ? null : tryTake(path, terms, tries.lock);
      if (hold !== null) return hold;
      if (heldHere(path) !== undefined) continue;
      const late = await waitOutside(path, tries, terms, patience);
      if (late !== null) return late;
    }
    return null;
  });
}

/**
 * The same, but stops this thread: no timer fires, no promise settles, no signal handler runs.
 *
 * @param timeout in ms; `Infinity` for no limit.
 * @returns null where the time is over, "deadlock" where this thread holds the lock itself.
 */
export function waitToTakeSync(
  path: string,
  terms: Stamping,
  timeout: number,
): Hold | "deadlock" | null {
  const deadline = performance.now() + timeout;
  const tries = new Retry();
  for (;;) {
    const file = openToLock(path);
    let hold: Hold | null = null;
    try {
      const identity = identityOf(file);
      if (isHeldHere(file, identity)) return "deadlock";
      interruptKernelWaits(identity);
      if (tries.lock(file.fd) || lockLater(file, tries, deadline)) {
        hold = confirm(file, terms, null);
        if (hold !== null) return hold;
      }
    } finally {
      if (hold === null) closeQuietly(file.fd);
    }
    if (performance.now() >= deadline) return null;
  }
}

/**
 * Takes the lock after another hold of this thread, at the moment of its release: as long as the thread
 * has had it for less than a turn, ahead of other processes that came first.
 */
class HandOver implements Succession {
  /** Whether the turn is over, and somebody waits for the lock in the kernel's queue. */
  waitedFor = false;
  readonly #path: string;
  readonly #name: TableName;
  readonly #since: number;
  readonly #terms: Stamping;
  #over = false;

  constructor(file: OpenFile, since: number, terms: Stamping) {
    this.#path = file.path;
    this.#name = tableNameOf(file);
    this.#since = since;
    this.#terms = terms;
  }

  readonly prepare = (): void => {
    this.#over = performance.now() - this.#since >= TURN_MS;
    // Asked now, as the kernel does not show who waits for a lock that has just been released.
    this.waitedFor = this.#over && readLockTableSync()?.waitersOf(this.#name).length !== 0;
  };

  /** @returns null if the turn is over, or another process was faster. */
  readonly succeed = (): Hold | null =>
    this.#over ? null : tryTake(this.#path, this.#terms, undefined, this.#since);
}

/** One round of waiting for another process. */
async function waitOutside(
  path: string,
  tries: Retry,
  terms: Stamping,
  patience: Patience,
): Promise<Hold | null> {
  const pause = tries.pause();
  if (pause !== null) {
    await patience.sleep(pause);
    return null;
  }
  const file = openToLock(path);
  let outcome: Outcome = "ended";
  let hold: Hold | null = null;
  try {
    outcome = await queueInKernel(file, patience);
    if (outcome === "granted") hold = confirm(file, terms, null);
  } finally {
    if (hold === null && outcome !== "interrupted") closeQuietly(file.fd);
  }
  if (outcome === "unavailable") await patience.sleep(pollingPause());
  return hold;
}

function lockLater(file: OpenFile, tries: Retry, deadline: number): boolean {
  const left = deadline - performance.now();
  if (left <= 0) return false;
  const pause = tries.pause();
  if (pause !== null) {
    sleepSync(Math.min(pause, left));
    return false;
  }
  const outcome = queueInKernelSync(file, left);
  if (outcome === "unavailable") sleepSync(Math.min(pollingPause(), left));
  return outcome === "granted";
}

/**
 * How long (ms) a thread may pass the lock on among its contenders while other processes wait for it: about as long
 * as it takes to start the helper with which it queues behind them, or it would be waiting most of the time.
 */
const TURN_MS = 10;

/** Where the kernel cannot queue us: at most 10 ms, and never in step with others. */
function pollingPause(): number {
  return 5 + 5 * Math.random();
}
