import { type Hold, release } from "../lock/held.js";
import { Line } from "./line.js";
import { type Patience, stayAlive } from "./patience.js";

/** Whether contenders of this thread already wait for a lock, or for an object. */
export function isQueued(key: string | object): boolean {
  return line.has(key);
}

/** How many contenders of this thread are queued before the one of this patience. */
export function queuedBefore(key: string | object, patience: Patience): number {
  return line.before(key, patience);
}

/**
 * Waits behind the other contenders of this thread, first in, first out, and runs `contend` at the front. Only the
 * front contends with other processes, so that a thousand contenders here cost no more descriptors, helpers and
 * attempts than one.
 *
 * @param key What they contend for: the path of a lock, or the object whose `withLock` is called.
 * @returns what `contend` returns, or null if patience ended in the queue.
 */
export async function inTurn<T>(
  key: string | object,
  patience: Patience,
  contend: () => Promise<T | null>,
): Promise<T | null> {
  const leave = await line.enter(key, patience);
  if (leave === null) return null;
  try {
    return patience.over ? null : await contend();
  } finally {
    leave();
  }
}

/** What a contender does when the hold of its own thread is released that it waits for. */
export interface Succession {
  /** Runs while the lock is still held. */
  readonly prepare: () => void;
  /** Runs at the very moment of the release, before anyone else of this thread can take the lock. */
  readonly succeed: () => Hold | null;
}

/**
 * Waits until this thread releases its hold on `path`, and succeeds it inside the release. For the front of the
 * queue.
 *
 * @returns the new hold, if any, or null if patience ended.
 */
export async function handedOver(
  path: string,
  patience: Patience,
  succession: Succession,
): Promise<Hold | null> {
  let result: () => Hold | null = () => null;
  await patience.step((done) => {
    const mayEnd = stayAlive();
    successions.set(path, {
      prepare: succession.prepare,
      succeed: () => {
        let hold: Hold | null = null;
        try {
          hold = succession.succeed();
          result = () => hold;
        } catch (error) {
          result = () => {
            throw error;
          };
        }
        done();
        return hold;
      },
    });
    return () => {
      mayEnd();
      successions.delete(path);
    };
  });
  return result();
}

/** Releases a hold, and hands the lock over to the contender of this thread that waits for it. Never throws. */
export function releaseAndHandOver(hold: Hold): void {
  const succession = successions.size > 0 ? successions.get(hold.file.path) : undefined;
  succession?.prepare();
  release(hold);
  succession?.succeed();
}

const line = new Line<string | object>();

/** By path: of the front of its line, while it waits for a hold of this thread. */
const successions = new Map<string, Succession>();
