import { nextTurn, performance, soon } from "../clock.js";

/** Stops this thread for `ms` milliseconds, without using the processor. */
export function sleepSync(ms: number): void {
  Atomics.wait(NOTHING, 0, 0, ms);
}

/**
 * Keeps a long row of small synchronous steps from stopping the thread: `yieldToEventLoop`, awaited before each
 * step, lets the event loop run whenever the row has had TURN_MS.
 */
export class LongRow {
  #since = performance.now();

  async yieldToEventLoop(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await nextTurn();
    this.#since = performance.now();
  }
}

/**
 * One turn of the event loop, in which many callbacks of ours may come together: timers that are due at the same time
 * run in one. What it has had of the thread counts from the first that asks.
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
