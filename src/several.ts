import { performance } from "./clock.js";
import { LockFileTimeout } from "./errors.js";
import { explainFailure } from "./failure.js";
import { type LockFile, termsOf } from "./lock-file.js";
import {
  type AcquireOptions,
  type AcquireSyncOptions,
  checkFunction,
  checkList,
  checkOptions,
  type Waiting,
} from "./options.js";
import { compareLocks } from "./order.js";
import { type Identity, identityAt, isSame } from "./system/open-file.js";

/**
 * What an acquire of several locks does. `timeout` and `signal` are for all together. What is not given here is as each
 * constructor and kind says, but for `raiseIfFail`, which is true.
 */
export interface SeveralOptions<L extends LockFile = LockFile>
  extends Omit<AcquireOptions, "onWait"> {
  /** As that of one acquire; it is also given the lock that is waited for. */
  readonly onWait?: ((waiting: Waiting, lock: L) => void) | undefined;
}

/** Several locks that are held together. They are released in the reverse order of taking. */
export class LockSet<const Locks extends readonly LockFile[]> {
  /** As they were given to the acquire. Of two objects of one file, only one holds its lock. */
  readonly locks: Locks;
  readonly #held: readonly LockFile[];
  readonly #taken: readonly LockFile[];

  /** For the package's own use: `acquireAll` makes these. @param taken In the order of taking, as `held`. */
  constructor(locks: Locks, held: readonly LockFile[], taken: readonly LockFile[]) {
    this.locks = locks;
    this.#held = held;
    this.#taken = taken;
  }

  /** Whether all of them are held. */
  get held(): boolean {
    return this.#held.every((lock) => lock.held);
  }

  /** Whether all of them are held, and each file is still the one at its path; as {@link LockFile.isCurrent}. */
  isCurrent(): boolean {
    return this.#held.every((lock) => lock.isCurrent());
  }

  /**
   * Releases them, in the reverse order of taking; one whose object had it before stays held. Never throws, never waits.
   */
  release(): void {
    for (const lock of [...this.#taken].reverse()) lock.release();
  }

  /** Releases, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** Releases, at the end of an `await using` block. Never waits: there is nothing to wait for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }
}

/**
 * Acquires several locks, all or none, runs `fn`, and releases them in reverse, whatever happens. They are taken in one
 * order, whatever that of `locks`, so that programs which take theirs like this cannot wait for each other in a circle.
 * If it resolves, every lock was held from start to end.
 *
 * Two objects of one file are one lock, which is taken once. For each lock it is as with {@link LockFile.withLock}: calls
 * exclude each other, and `fn` runs under a hold that an object has already. Waits as `acquireAll` does.
 *
 * @param fn Gets whether all locks are held: `false`, and none of them is, only with `raiseIfFail: false`.
 * @returns what `fn` returns.
 * @throws what `fn` throws, and what `acquireAll` throws; LockLost after `fn`, if a file was removed or replaced
 *   meanwhile. If several were, the `cause` of the first is an AggregateError of the others.
 */
export async function withLocks<T, const Locks extends readonly LockFile[]>(
  locks: Locks,
  fn: (locked: boolean) => T | PromiseLike<T>,
  options: SeveralOptions<Locks[number]> = {},
): Promise<T> {
  checkFunction("withLocks()", fn, "second");
  const plan = new Plan("withLocks()", locks, options);
  options.signal?.throwIfAborted();
  const losses: Error[] = [];
  const outcome = await holdRest(plan, fn, losses);
  if (outcome === null) return fn(false);
  if ("error" in outcome) throw outcome.error;
  const [loss, ...more] = losses;
  if (loss === undefined) return outcome.value;
  if (more.length > 0) loss.cause ??= new AggregateError(more, "Other locks were lost as well.");
  throw loss;
}

/**
 * Takes several locks, all or none: if one cannot be had, those taken before it are released. They are taken in one
 * order, whatever that of `locks`: by the order that their catalogue declares, the name of the kind, that of the file,
 * and the directory. So programs that take theirs like this cannot wait for each other in a circle.
 *
 * Two objects of one file are one lock, which is taken once. An object that holds its lock already keeps it, also after
 * the release. Waits for each lock if the options, its constructor or its kind say so, and blocks nothing meanwhile.
 *
 * @returns the locks, to be released or disposed of together; with `raiseIfFail: false`, `null` if someone else has one
 *   or this user may not take it.
 * @throws what {@link LockFile.acquire} throws, for the lock that could not be had: its `path` says which, its `holder`
 *   who has it.
 */
export async function acquireAll<const Locks extends readonly LockFile[]>(
  locks: Locks,
  options?: SeveralOptions<Locks[number]> & { readonly raiseIfFail?: true | undefined },
): Promise<LockSet<Locks>>;
/** The same with any `raiseIfFail`: `null` if it is false, and someone else has a lock or this user may not take it. */
export async function acquireAll<const Locks extends readonly LockFile[]>(
  locks: Locks,
  options?: SeveralOptions<Locks[number]>,
): Promise<LockSet<Locks> | null>;
export async function acquireAll<const Locks extends readonly LockFile[]>(
  locks: Locks,
  options: SeveralOptions<Locks[number]> = {},
): Promise<LockSet<Locks> | null> {
  const plan = new Plan("acquireAll()", locks, options);
  options.signal?.throwIfAborted();
  let isComplete = false;
  try {
    for (let lock = plan.next(); lock !== null; lock = plan.next()) {
      const wasHeld = lock.held;
      if (!(await acquire(plan, lock))) return null;
      plan.add(lock, wasHeld);
    }
    isComplete = plan.confirm();
  } finally {
    if (!isComplete) plan.undo();
  }
  return isComplete ? new LockSet(locks, plan.held, plan.taken) : null;
}

/**
 * Takes several locks as `acquireAll` does, but synchronously: **a wait stops this thread**, as that of
 * {@link LockFile.acquireSync} does.
 *
 * @returns as `acquireAll`.
 * @throws as `acquireAll`; LockFileDeadlock instead of waiting for a lock that another object of this thread holds.
 */
export function acquireAllSync<const Locks extends readonly LockFile[]>(
  locks: Locks,
  options?: AcquireSyncOptions & { readonly raiseIfFail?: true | undefined },
): LockSet<Locks>;
/** The same with any `raiseIfFail`: `null` if it is false, and someone else has a lock or this user may not take it. */
export function acquireAllSync<const Locks extends readonly LockFile[]>(
  locks: Locks,
  options?: AcquireSyncOptions,
): LockSet<Locks> | null;
export function acquireAllSync<const Locks extends readonly LockFile[]>(
  locks: Locks,
  options: AcquireSyncOptions = {},
): LockSet<Locks> | null {
  const plan = new Plan("acquireAllSync()", locks, options);
  let isComplete = false;
  try {
    for (let lock = plan.next(); lock !== null; lock = plan.next()) {
      const wasHeld = lock.held;
      if (!acquireSync(plan, lock)) return null;
      plan.add(lock, wasHeld);
    }
    isComplete = plan.confirm();
  } finally {
    if (!isComplete) plan.undo();
  }
  return isComplete ? new LockSet(locks, plan.held, plan.taken) : null;
}

async function acquire<L extends LockFile>(plan: Plan<L>, lock: L): Promise<boolean> {
  try {
    return await lock.acquire(plan.optionsFor(lock));
  } catch (error) {
    throw plan.explain(lock, error);
  }
}

function acquireSync<L extends LockFile>(plan: Plan<L>, lock: L): boolean {
  try {
    return lock.acquireSync(plan.optionsFor(lock));
  } catch (error) {
    throw plan.explain(lock, error);
  }
}

/** How a function ended under its locks, or an acquire without one of them. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Takes what is left, each lock inside the `withLock` of the one before it, and runs `fn` innermost.
 *
 * @param losses Gets the errors of those that were lost.
 * @returns null if one could not be had, and that is no error.
 */
async function holdRest<T, L extends LockFile>(
  plan: Plan<L>,
  fn: (locked: boolean) => T | PromiseLike<T>,
  losses: Error[],
): Promise<Outcome<T> | null> {
  const lock = plan.next();
  let outcome: Outcome<T> | null | undefined;
  try {
    if (lock === null) return plan.confirm() ? { value: await fn(true) } : null;
    const run = async (locked: boolean): Promise<void> => {
      if (locked) plan.add(lock, true);
      outcome = locked ? await holdRest(plan, fn, losses) : null;
    };
    await lock.withLock(run, plan.optionsFor(lock));
  } catch (error) {
    if (lock === null) return { error };
    if (outcome === undefined) return { error: plan.explain(lock, error) };
    losses.unshift(error as Error);
  }
  return outcome ?? null;
}

/** Several locks on their way to be held together. */
class Plan<L extends LockFile> {
  /** Those that are held by now, in the order of taking. */
  readonly held: L[] = [];
  /** Those of them that were taken here, and are to be released. */
  readonly taken: L[] = [];
  readonly #files: (Identity | null)[] = [];
  readonly #rest: L[];
  readonly #options: SeveralOptions<L>;
  readonly #start: number;

  /** @throws TypeError, RangeError for arguments that cannot be meant, before anything is taken. */
  constructor(method: string, locks: readonly L[], options: SeveralOptions<L>) {
    checkList(method, locks);
    checkOptions(method, options);
    this.#options = { ...options, raiseIfFail: options.raiseIfFail ?? true };
    this.#start = performance.now();
    const shares = new Map(
      locks.map((lock) => [lock, termsOf(lock, method, this.optionsFor(lock)).mode === "shared"]),
    );
    // Of one file that is to be shared and to be exclusive, the exclusive lock is both.
    this.#rest = [...locks].sort(
      (a, b) => compareLocks(a, b) || Number(shares.get(a)) - Number(shares.get(b)),
    );
  }

  /** The lock to be taken next; null if all are held. Two paths of one file are one lock. */
  next(): L | null {
    for (;;) {
      const lock = this.#rest.shift();
      if (lock === undefined) return null;
      if (this.held.some(({ filename }) => filename === lock.filename)) continue;
      const file = fileOf(lock);
      // A file whose lock is held is there, so that nothing is missed.
      if (file === null || !this.#files.some((other) => other !== null && isSame(other, file))) {
        return lock;
      }
    }
  }

  /** What an acquire of one lock does, within the time that is left for all. */
  optionsFor(lock: L): AcquireOptions {
    const { timeout, onWait } = this.#options;
    const left = timeout && Math.max(1, this.#start + timeout - performance.now());
    const tell = onWait && ((waiting: Waiting): void => onWait(waiting, lock));
    return { ...this.#options, timeout: left, onWait: tell };
  }

  /** A lock is held from now on. @param stays Whether it is not for us to release. */
  add(lock: L, stays: boolean): void {
    this.held.push(lock);
    this.#files.push(fileOf(lock));
    if (!stays) this.taken.push(lock);
  }

  /** Releases what was taken. */
  undo(): void {
    for (const lock of this.taken.reverse()) lock.release();
  }

  /**
   * Whether all are held still, and not released by others while we waited for the next.
   *
   * @throws LockReleased
   */
  confirm(): boolean {
    const gone = this.held.find((lock) => !lock.held);
    if (gone !== undefined && this.#options.raiseIfFail) {
      throw explainFailure(gone, { reason: "released" });
    }
    return gone === undefined;
  }

  /** Makes the error of one lock say how long all have been waited for: it knows of its own wait alone. */
  explain(lock: L, error: unknown): unknown {
    const isFirst = this.held.length === 0;
    if (isFirst || this.#options.timeout === undefined || !(error instanceof LockFileTimeout)) {
      return error;
    }
    const { circle } = error;
    const waited = performance.now() - this.#start;
    return explainFailure(lock, { reason: "timeout", waited, circle });
  }
}

/** The file that is at the path of a lock; null if it is not to be seen, which is for an acquire to say. */
function fileOf({ filename }: LockFile): Identity | null {
  try {
    return identityAt(filename);
  } catch {
    return null;
  }
}
