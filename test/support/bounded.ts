// Those of the machine, also beside fake timers that a test installs later.
const { setTimeout, clearTimeout } = globalThis;
const now = globalThis.performance.now.bind(globalThis.performance);

/** Waits for a promise, but not for ever: a test that hangs says where. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until `condition` holds, asking again and again, but not for ever. */
export async function until(what: string, condition: () => boolean, ms = 20_000): Promise<void> {
  const end = now() + ms;
  while (!condition()) {
    if (now() > end) throw new Error(`not ${what} after ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Whether a promise is still open after everything that is ready has run. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const late = new Promise((resolve) => setTimeout(() => resolve(isPending), 15));
  return (await Promise.race([promise.catch(() => undefined), late])) === isPending;
}
