import { performance, soon } from "../clock.js";

/** Stops this thread for `ms` milliseconds, without using the processor. */
export function sleepSync(ms: number): void {
  Atomics.wait(NOTHING, 0, 0, ms);
}

/**
 * One turn of the event loop, in which many small steps of ours may come together: those of a long row, or timers that
 * are due at the same time. What it has had of the thread counts from the first that asks.
 *
 * Ask directly before each step, with no `await` in between, which lets all others ask before the first has begun:
 * `while (turn.isLong) await nextTurn();`
 */
export class Turn {
  #since: number | null = null;

  /** Whether it has had TURN_MS, so that the rest is for the next. */
  get isLong(): boolean {
    const now = performance.now();
    if (this.#since === null) {
      this.#since = now;
      soon(() => {
        this.#since = null;
      });
    }
    return now - this.#since >= TURN_MS;
  }
}

/** Short beside what a person or a timer notices, long beside one step, which takes some µs. */
const TURN_MS = 5;

const NOTHING = new Int32Array(new SharedArrayBuffer(4));
