import {
  clearRepeater,
  clearTimer,
  notSoon,
  performance,
  setRepeater,
  setTimer,
  soon,
} from "../clock.js";
import { Turn } from "../system/sleep.js";

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
    if (signal?.aborted || timeout <= 0) this.stop();
    else this.#arm();
  }

  get over(): boolean {
    return this.#over;
  }

  /** How long it lasts still, in ms. */
  get left(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  /** Ends the wait. */
  readonly stop = (): void => {
    if (this.#over) return;
    this.#over = true;
    clearTimer(this.#timer);
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
    return this.race(ms, () => {});
  }

  /** The same, or until what `start` was given is called. */
  race(ms: number, start: (done: () => void) => void): Promise<void> {
    return this.step((done) => {
      const timer = setTimer(done, ms);
      start(done);
      return () => clearTimer(timer);
    });
  }

  /** Lets the event loop run: timers, input and output, other callbacks. */
  yieldToEventLoop(): Promise<void> {
    return this.step((done) => {
      const immediate = soon(done);
      return () => notSoon(immediate);
    });
  }

  /** Node's timers hold 31 bits, and may be a moment early: it takes as many as it takes. */
  #arm(): void {
    if (this.#deadline === Number.POSITIVE_INFINITY) return;
    const left = this.#deadline - performance.now();
    // Of a thousand that are over at once, some are told so in a later turn.
    if (left <= 0 && !turn.isLong) this.stop();
    else {
      const pause = Math.min(Math.max(1, Math.ceil(left)), LONGEST_TIMER_MS);
      this.#timer = setTimer(() => this.#arm(), pause);
    }
  }
}

const turn = new Turn();

/** The longest delay (ms) that `setTimeout` keeps: beyond it, it fires at once. */
export const LONGEST_TIMER_MS: number = 2 ** 31 - 1;

/**
 * Keeps the process alive until it is undone: a wait that only this thread can end has nothing else that does.
 *
 * @returns what undoes it.
 */
export function stayAlive(): () => void {
  const timer = setRepeater(() => {}, LONGEST_TIMER_MS);
  return () => clearRepeater(timer);
}

/**
 * Calls `listener` when a signal aborts. All waits on one signal share one listener: a program has one signal
 * for its end and many waits that listen to it, and Node.js warns of a leak at the eleventh.
 *
 * @returns what takes the listener back.
 */
function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const shared = listening.get(signal) ?? listenTo(signal);
  shared.listeners.add(listener);
  return () => {
    shared.listeners.delete(listener);
    if (shared.listeners.size > 0 || listening.get(signal) !== shared) return;
    signal.removeEventListener("abort", shared.handle);
    listening.delete(signal);
  };
}

interface Shared {
  readonly listeners: Set<() => void>;
  readonly handle: () => void;
}

const listening = new WeakMap<AbortSignal, Shared>();

function listenTo(signal: AbortSignal): Shared {
  const listeners = new Set<() => void>();
  const handle = (): void => {
    for (const listener of [...listeners]) listener();
  };
  signal.addEventListener("abort", handle, { once: true });
  const shared = { listeners, handle };
  listening.set(signal, shared);
  return shared;
}
