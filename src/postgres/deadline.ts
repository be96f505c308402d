/** What a race gives if the deadline ended it. */
export const OVER: unique symbol = Symbol("over");

/**
 * How long an acquire goes on at the cluster: until its timeout has passed, its signal aborts, or it is told to
 * stop. What is under way at that moment goes on by itself; whoever started it cleans up.
 */
export class Deadline {
  readonly #end: number;
  readonly #forget: (() => void) | undefined;
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /** @param timeout in ms, from now; `Infinity` for no limit. */
  constructor(timeout: number, signal?: AbortSignal) {
    this.#end = performance.now() + timeout;
    this.#forget = signal && onAbort(signal, this.stop);
    if (signal?.aborted) this.stop();
    else this.#arm();
  }

  get over(): boolean {
    return this.#over;
  }

  /** Whether it ended before its time. */
  get stopped(): boolean {
    return this.#over && performance.now() < this.#end;
  }

  /** What is left of the time, in ms. */
  get left(): number {
    return this.#over ? 0 : Math.max(0, this.#end - performance.now());
  }

  /** Ends it, and all races. */
  readonly stop = (): void => {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#forget?.();
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  };

  /** Calls a listener once if the deadline ends. @returns what takes the listener back. */
  onOver(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Waits for a promise, but no longer than this lasts. A promise that loses may reject unheard. */
  race<T>(promise: Promise<T>): Promise<T | typeof OVER> {
    return new Promise((resolve, reject) => {
      const forget = this.onOver(() => resolve(OVER));
      if (this.#over) resolve(OVER);
      promise.then(
        (value) => {
          forget();
          resolve(value);
        },
        (error: unknown) => {
          forget();
          reject(error);
        },
      );
    });
  }

  /** Waits for `ms` milliseconds, or until something wakes it, or until this is over. */
  sleep(ms: number, wake: (listener: () => void) => () => void): Promise<void> {
    if (this.#over) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        forget();
        ignore();
        resolve();
      };
      const timer = setTimeout(end, ms);
      const forget = this.onOver(end);
      const ignore = wake(end);
    });
  }

  /** Node's timers hold 31 bits, and may be a moment early: it takes as many as it takes. */
  #arm(): void {
    if (this.#end === Number.POSITIVE_INFINITY) return;
    const left = this.#end - performance.now();
    if (left <= 0) this.stop();
    else this.#timer = setTimeout(() => this.#arm(), Math.min(Math.ceil(left), LONGEST_TIMER_MS));
  }
}

/** The longest delay (ms) that `setTimeout` keeps: beyond it, it fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * All waits on one signal share a listener: a program has one signal for its end and many waits that listen to it,
 * and Node.js warns of a leak at the eleventh.
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

function listenTo(signal: AbortSignal): Shared {
  const listeners = new Set<() => void>();
  const handle = (): void => {
    for (const each of [...listeners]) each();
  };
  signal.addEventListener("abort", handle, { once: true });
  const shared = { listeners, handle };
  listening.set(signal, shared);
  return shared;
}

const listening = new WeakMap<AbortSignal, Shared>();
