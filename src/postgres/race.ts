import type { Patience } from "../wait/patience.js";

/** What a race gives if patience ended first. */
export const OVER: unique symbol = Symbol("over");

/** Waits for a promise, but no longer than patience lasts. A promise that loses may reject unheard. */
export async function race<T>(patience: Patience, promise: Promise<T>): Promise<T | typeof OVER> {
  let outcome: { readonly value: T } | { readonly error: unknown } | null = null;
  await patience.step((done) => {
    promise.then(
      (value) => {
        outcome = { value };
        done();
      },
      (error: unknown) => {
        outcome = { error };
        done();
      },
    );
    return () => {};
  });
  const settled = outcome as { readonly value: T } | { readonly error: unknown } | null;
  if (settled === null) {
    promise.catch(() => {});
    return OVER;
  }
  if ("error" in settled) throw settled.error;
  return settled.value;
}
