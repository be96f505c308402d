import { onAbort } from "./abort.js";

/**
 * How long a contender waits: until its timeout has passed, its signal aborts, or it is told to stop.
 * One of these lives as long as one wait, and everything the wait does ends when it ends.
 */
export class Patience {
  readonly #deadline: number;
  readonly #forget: (() => void) | undefined;
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /** @param timeout in ms, from now; `Infinity` for no limit. */
  constructor(timeout: number, signal?: AbortSignal) {
    this.#deadline = performance.now() + timeout;
    this.#forget = signal && onAbort(signal, this.stop);
    if (signal?.aborted) this.stop();
    else this.#arm();
  }

  get over(): boolean {
    return this.#over;
  }

  /** Ends the wait. */
  readonly stop = (): void => {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#forget?.();
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  };

  /**
   * Runs one step of the wait: `start` begins it, and calls what it is given when the step is done;
   * what `start` returns is called once at the end, done or over, and cleans up.
   */
  step(start: (done: () => void) => () => void): Promise<void> {
    if (this.#over) return Promise.resolve();
    return new Promise((resolve) => {
      let ended = false;
      let cleanUp: (() => void) | undefined;
      const end = (): void => {
        if (ended) return;
        ended = true;
        this.#listeners.delete(end);
        cleanUp?.();
        resolve();
      };
      this.#listeners.add(end);
      cleanUp = start(end);
      if (ended) cleanUp();
    });
  }

  /** Waits for `ms` milliseconds, or until it is over. */
  sleep(ms: number): Promise<void> {
    return this.step((done) => {
      const timer = setTimeout(done, ms);
      return () => clearTimeout(timer);
    });
  }

  /** Lets the event loop run: timers, input and output, other callbacks. */
  breathe(): Promise<void> {
    return this.step((done) => {
      const immediate = setImmediate(done);
      return () => clearImmediate(immediate);
    });
  }

  /** Node's timers hold 31 bits, and may be a moment early: it takes as many as it takes. */
  #arm(): void {
    if (this.#deadline === Number.POSITIVE_INFINITY) return;
    const left = this.#deadline - performance.now();
    if (left <= 0) this.stop();
    else this.#timer = setTimeout(() => this.#arm(), Math.min(Math.ceil(left), LONGEST_TIMER_MS));
  }
}

/** The longest delay (ms) that `setTimeout` keeps: beyond it, it fires at once. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;
