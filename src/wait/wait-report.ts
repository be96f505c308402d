import { clearTimer, setTimer, soon } from "../clock.js";
import type { Circle } from "../errors.js";
import { describeCircle, findCircle } from "../holder/circle.js";
import { inspectLockTogether, type LockState } from "../holder/lock-state.js";
import type { HeldLock } from "../lock/held.js";
import type { Waiting } from "../options.js";

/** What a wait tells while it lasts. */
export interface Listeners {
  /** How many contenders of this thread come before. */
  readonly aheadHere: () => number;
  /** Is told who holds the lock, if anybody is. */
  readonly onWait: ((waiting: Waiting) => void) | undefined;
  /** Is told of a deadlock, if anybody is. */
  readonly onCircle: ((circle: Circle) => void) | undefined;
}

/**
 * Tells an acquire that waits who holds the lock, at once and whenever that, its place in the queue or a circle of
 * processes that wait for each other changes, until it is disposed.
 */
export class WaitReport {
  readonly #wanted: HeldLock;
  readonly #listeners: Listeners;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;
  #last = "";
  #lastCircle: string | null = null;

  constructor(wanted: HeldLock, listeners: Listeners) {
    this.#wanted = wanted;
    this.#listeners = listeners;
    void this.#look();
  }

  async #look(): Promise<void> {
    const { aheadHere, onWait } = this.#listeners;
    const circle = await this.#lookForCircle();
    // The wait meets the same error, and tells of it.
    const seen = onWait && (await inspectLockTogether(this.#wanted.path).catch(() => null));
    if (this.#isOver) return;
    this.#timer = setTimer(() => void this.#look(), LOOK_EVERY_MS).unref();
    const waiting = seen ? waitingOf(seen, aheadHere(), circle) : null;
    if (waiting === null || onWait === undefined) return;
    const { holder, ahead } = waiting;
    const told = `${holder?.pid} ${ahead} ${this.#lastCircle}`;
    if (told === this.#last) return;
    this.#last = told;
    // In a turn of its own: by then a wait that has the lock is over, and what `onWait` throws is an uncaught exception
    // as that of a timer is, and does not end the wait.
    soon(() => {
      if (!this.#isOver) onWait(waiting);
    });
  }

  async #lookForCircle(): Promise<Circle | null> {
    const circle = await findCircle(this.#wanted, LOOK_EVERY_MS / 2);
    const text = circle && describeCircle(circle);
    const { onCircle } = this.#listeners;
    if (circle !== null && text !== this.#lastCircle && onCircle !== undefined) {
      soon(() => {
        if (!this.#isOver) onCircle(circle);
      });
    }
    this.#lastCircle = text;
    return circle;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimer(this.#timer);
  }
}

/** @returns null if nobody is in the way at this moment. */
function waitingOf(seen: LockState, aheadHere: number, circle: Circle | null): Waiting | null {
  if (seen.state === "free" || seen.state === "unsafe") return null;
  const place = seen.waiters.findIndex(({ pid }) => pid === process.pid);
  const ahead = aheadHere + (place === -1 ? seen.waiters.length : place);
  switch (seen.state) {
    case "held":
      return { holder: seen.holder, since: seen.since, ahead, circle };
    case "shared":
      return { holder: seen.holders[0] ?? null, since: null, ahead, circle };
    default:
      return { holder: null, since: null, ahead, circle };
  }
}

const LOOK_EVERY_MS = 1000;
