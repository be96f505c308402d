/**
 * Calls `listener` when a signal aborts. All waits on one signal share one listener: a program has one signal
 * for its end and many waits that listen to it, and Node.js warns of a leak at the eleventh.
 *
 * @returns what takes the listener back.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
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
