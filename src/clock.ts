/**
 * Clocks and timers as they are when this module is loaded. A test with fake timers (vitest's, `mock.timers`) stops or
 * moves those of the program: a wait would never end, and a loop that waits for its deadline would hang.
 */
export const performance: { readonly now: () => number } = {
  now: globalThis.performance.now.bind(globalThis.performance),
};
/** ms since 1970, as files have it. */
export const timeOfDay: () => number = Date.now;
export const setTimer: typeof setTimeout = globalThis.setTimeout;
export const clearTimer: typeof clearTimeout = globalThis.clearTimeout;
export const setRepeater: typeof setInterval = globalThis.setInterval;
export const clearRepeater: typeof clearInterval = globalThis.clearInterval;
export const soon: typeof setImmediate = globalThis.setImmediate;
export const notSoon: typeof clearImmediate = globalThis.clearImmediate;

/** Lets the event loop run: timers, input and output, other callbacks. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void soon(resolve));
}
