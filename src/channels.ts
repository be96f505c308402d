import { channel } from "node:diagnostics_channel";
import { performance } from "./clock.js";
import type { Circle } from "./errors.js";

/**
 * The names of the `node:diagnostics_channel` channels on which locks tell what they do, for metrics and
 * traces. With nobody subscribed, nothing is made or measured for them.
 */
export const CHANNELS = {
  /** A {@link WaitMessage}: a contender found the lock busy, and waits for it from now on. */
  wait: "lock-catalogue:wait",
  /** A {@link DeadlockMessage}: a contender that waits is part of a circle of processes that wait for each other. */
  deadlock: "lock-catalogue:deadlock",
  /** A {@link AcquiredMessage}: a lock is held. */
  acquired: "lock-catalogue:acquired",
  /** A {@link ReleasedMessage}: a lock was released. */
  released: "lock-catalogue:released",
  /** A {@link FailedMessage}: an acquire ended without taking the lock. */
  failed: "lock-catalogue:failed",
  /** A {@link LostMessage}: a lock was lost while it was held, so that somebody else may hold it now. */
  lost: "lock-catalogue:lost",
} as const;

/** A lock, as a metric names it: `catalogue.identify(path)` gives its parameters. */
interface About {
  /**
   * The contender: a number for each acquire of this thread. A `wait` is followed by one `acquired` or one `failed` of the
   * same id, and an `acquired` by the `released` of that hold.
   */
  readonly id: number;
  /** Name of the kind; `LockFile` for the base class. */
  readonly kind: string;
  /** Absolute path of the lock file. */
  readonly path: string;
}

/** Published on {@link CHANNELS}.wait, before the wait begins. */
export interface WaitMessage extends About {
  /** The longest it may wait, in ms; `Infinity` for no limit. */
  readonly timeout: number;
}

/**
 * Published on {@link CHANNELS}.deadlock during a wait of somebody who holds another lock: within a second or so after the
 * circle has closed, and again when it has become another one.
 */
export interface DeadlockMessage extends About {
  /** The processes that wait for each other, this one first. */
  readonly circle: Circle;
}

/**
 * Published on {@link CHANNELS}.acquired, once the lock is held; not by an acquire of an object that holds it already.
 * A subscriber runs before the acquire is over: one that releases the lock makes it fail.
 */
export interface AcquiredMessage extends About {
  /** How long it was waited for, in ms; 0 if the first try got it. */
  readonly waited: number;
  /**
   * For how long the lock was granted already, in ms, to some 10 ms: the system grants it whether or not the event loop
   * can run, and nobody has any use of it meanwhile. 0 if a try got it, or a synchronous wait; null if it is not known, as
   * only the `flock` program of util-linux tells, and only if somebody had subscribed when the wait began.
   */
  readonly unused: number | null;
}

/** Published on {@link CHANNELS}.released, once the lock is free again. */
export interface ReleasedMessage extends About {
  /** How long it was held, in ms; null where nobody had subscribed yet when it was taken. */
  readonly held: number | null;
}

/** Published on {@link CHANNELS}.failed, when an acquire ends without having taken the lock, whether it has waited or not. */
export interface FailedMessage extends About {
  /**
   * That of the error, also if the acquire is `false`: `LOCK_BUSY`, `LOCK_TIMEOUT`, `ENOENT`. `ABORT_ERR` for an abort,
   * whatever its reason; `LOCK_HELD` if another acquire of the same object has taken the lock, so that this one is `true`.
   */
  readonly code: string;
  /** How long it was waited for, in ms; 0 for a single try. */
  readonly waited: number;
}

/** Published on {@link CHANNELS}.lost, at the moment the holder learns of it. */
export interface LostMessage extends About {
  /** How long it was held, in ms. */
  readonly held: number;
  /** The LockLost, whose `cause` says why. */
  readonly error: Error;
}

/** An id for one acquire more. */
export function newContender(): number {
  return ++lastContender;
}

/** Tells that a contender waits. @param timeout in ms. */
export function tellWait({ kind, filename: path }: Subject, id: number, timeout: number): void {
  if (!waits.hasSubscribers) return;
  const message: WaitMessage = { id, kind, path, timeout };
  waits.publish(message);
}

/** Whether anybody is to be told of deadlocks. */
export function tellsDeadlocks(): boolean {
  return deadlocks.hasSubscribers;
}

/** Tells that a contender is part of a deadlock. */
export function tellDeadlock({ kind, filename: path }: Subject, id: number, circle: Circle): void {
  if (!deadlocks.hasSubscribers) return;
  const message: DeadlockMessage = { id, kind, path, circle };
  deadlocks.publish(message);
}

/** Whether anybody is to be told of locks that are held. */
export function tellsAcquired(): boolean {
  return acquisitions.hasSubscribers;
}

/**
 * Tells that a lock is held.
 *
 * @param start Since when (ms, monotonic) it was waited for, if it was.
 * @param granted When (ms, monotonic) it was granted, if that was before now; null if that is not known.
 * @returns now (ms, monotonic), where somebody is to be told of the release.
 */
export function tellAcquired(
  { kind, filename: path }: Subject,
  id: number,
  start: number | undefined,
  granted: number | null | undefined,
): number | null {
  if (acquisitions.hasSubscribers) {
    const now = performance.now();
    const waited = start === undefined ? 0 : now - start;
    const unused = granted === null ? null : Math.min(waited, now - (granted ?? now));
    const message: AcquiredMessage = { id, kind, path, waited, unused };
    acquisitions.publish(message);
  }
  return releases.hasSubscribers ? performance.now() : null;
}

/**
 * Tells that an acquire has ended without the lock.
 *
 * @param start Since when (ms, monotonic) it has waited; 0 if it has not.
 */
export function tellFailed(
  { kind, filename: path }: Subject,
  id: number,
  code: string,
  start: number,
): void {
  if (!failures.hasSubscribers) return;
  const waited = start === 0 ? 0 : performance.now() - start;
  const message: FailedMessage = { id, kind, path, code, waited };
  failures.publish(message);
}

/** Tells that a lock was released. @param since What telling of its acquisition gave. */
export function tellReleased(
  { kind, filename: path }: Subject,
  id: number,
  since: number | null,
): void {
  if (!releases.hasSubscribers) return;
  const held = since === null ? null : performance.now() - since;
  const message: ReleasedMessage = { id, kind, path, held };
  releases.publish(message);
}

/** Tells that a lock was lost. @param held How long it was held, in ms. */
export function tellLost(
  { kind, filename: path }: Subject,
  id: number,
  held: number,
  error: Error,
): void {
  if (!losses.hasSubscribers) return;
  const message: LostMessage = { id, kind, path, held, error };
  losses.publish(message);
}

interface Subject {
  readonly kind: string;
  readonly filename: string;
}

let lastContender = 0;

// Made once, and kept: a channel that nobody refers to is forgotten, and its subscribers with it.
const waits = channel(CHANNELS.wait);
const deadlocks = channel(CHANNELS.deadlock);
const acquisitions = channel(CHANNELS.acquired);
const releases = channel(CHANNELS.released);
const failures = channel(CHANNELS.failed);
const losses = channel(CHANNELS.lost);
