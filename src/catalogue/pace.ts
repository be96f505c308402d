import { setImmediate } from "node:timers/promises";

/**
 * Keeps a long row of small synchronous steps from stopping the thread: between two of them the event
 * loop gets its turn, whenever the row has had TURN_MS.
 */
export class Pace {
  #since = performance.now();

  /** To be awaited before each step. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await setImmediate();
    this.#since = performance.now();
  }
}

/** Short beside what a person or a timer notices, long beside one step, which takes some µs. */
const TURN_MS = 5;
