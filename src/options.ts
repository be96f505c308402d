/** What a lock does unless an acquire says otherwise. */
export interface LockFileOptions {
  /** Whether a failed acquire throws (the default) or gives `false`. */
  readonly raiseIfFail?: boolean | undefined;
  /** Whether acquire waits for a busy lock; the default depends on the kind. */
  readonly wait?: boolean | undefined;
}

/** A kind's own answers, where neither the constructor nor the acquire gave one. */
export interface LockFileDefaults {
  /** Whether a failed acquire throws, or gives `false`. */
  readonly raiseIfFail: boolean;
  /** Whether acquire waits for a busy lock. */
  readonly wait: boolean;
}

/** What one synchronous acquire does; what is given here wins over the constructor. */
export interface AcquireSyncOptions extends LockFileOptions {
  /** Whether our PID is written into the file once the lock is held. Default true. */
  readonly updatePid?: boolean | undefined;
  /**
   * How long to wait, in ms; 0 is a single try, `Infinity` no limit. To give a timeout is to ask for
   * waiting, unless the same options say `wait: false`.
   */
  readonly timeout?: number | undefined;
}

/** What one acquire does; what is given here wins over the constructor. */
export interface AcquireOptions extends AcquireSyncOptions {
  /** Ends the wait; the acquire then rejects with `signal.reason`, also with `raiseIfFail: false`. */
  readonly signal?: AbortSignal | undefined;
}

/** Options with every question answered. */
export interface Resolved {
  readonly raiseIfFail: boolean;
  readonly updatePid: boolean;
  /** In ms; 0 for a single try. */
  readonly timeout: number;
}

/**
 * Settles what an acquire does.
 *
 * @throws RangeError for a timeout that is negative or not a number.
 */
export function resolveOptions(given: AcquireSyncOptions, defaults: LockFileDefaults): Resolved {
  const { raiseIfFail = defaults.raiseIfFail, updatePid = true, timeout } = given;
  if (timeout !== undefined && !(typeof timeout === "number" && timeout >= 0)) {
    throw new RangeError(
      `timeout is ${timeout}: it must be a number of milliseconds from 0 (a single try) to Infinity`,
    );
  }
  const wait = given.wait ?? (timeout !== undefined || defaults.wait);
  return { raiseIfFail, updatePid, timeout: wait ? (timeout ?? Number.POSITIVE_INFINITY) : 0 };
}
