import { nextTurn, performance } from "../clock.js";

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

/** Short beside what a person or a timer notices, long beside one step, which takes some µs. */
const TURN_MS = 5;

const NOTHING = new Int32Array(new SharedArrayBuffer(4));
