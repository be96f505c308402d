/** Stops this thread for `ms` milliseconds, without using the processor. */
export function sleepSync(ms: number): void {
  Atomics.wait(NOTHING, 0, 0, ms);
}

const NOTHING = new Int32Array(new SharedArrayBuffer(4));
