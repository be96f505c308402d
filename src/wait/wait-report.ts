import { clearTimer, setTimer, soon } from "../clock.js";
import { inspectLock, type LockState } from "../holder/lock-state.js";
import type { Waiting } from "../options.js";

/**
 * Tells an acquire that waits who holds the lock, at once and whenever that or its place in the queue changes, until
 * it is disposed.
 */
export class WaitReport {
  readonly #path: string;
  readonly #aheadHere: () => number;
  readonly #onWait: (waiting: Waiting) => void;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #last = "";

  /** @param aheadHere How many contenders of this thread come before. */
  constructor(path: string, aheadHere: () => number, onWait: (waiting: Waiting) => void) {
    this.#path = path;
    this.#aheadHere = aheadHere;
    this.#onWait = onWait;
    void this.#look();
  }

  async #look(): Promise<void> {
    // The wait meets the same error, and tells of it.
    const seen = await inspectLock(this.#path).catch(() => null);
    if (this.#isOver) return;
    this.#timer = setTimer(() => void this.#look(), LOOK_EVERY_MS).unref();
    const waiting = seen && waitingOf(seen, this.#aheadHere());
    if (waiting === null) return;
    const { holder, ahead } = waiting;
    const told = `${holder?.pid} ${ahead}`;
    if (told === this.#last) return;
    this.#last = told;
    // In a turn of its own: by then a wait that has the lock is over, and what `onWait` throws is an uncaught exception
    // as that of a timer is, and does not end the wait.
    soon(() => {
      if (!this.#isOver) this.#onWait(waiting);
    });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimer(this.#timer);
  }
}

/** @returns null if nobody is in the way at this moment. */
function waitingOf(seen: LockState, aheadHere: number): Waiting | null {
  if (seen.state === "free" || seen.state === "unsafe") return null;
  const place = seen.waiters.findIndex(({ pid }) => pid === process.pid);
  const ahead = aheadHere + (place === -1 ? seen.waiters.length : place);
  switch (seen.state) {
    case "held":
      return { holder: seen.holder, since: seen.since, ahead };
    case "shared":
      return { holder: seen.holders[0] ?? null, since: null, ahead };
    default:
      return { holder: null, since: null, ahead };
  }
}

const LOOK_EVERY_MS = 1000;
