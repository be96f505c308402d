import type { Got } from "./acquisition.js";
import { performance } from "./clock.js";
import { LockFileTimeout, nameOf } from "./errors.js";
import { explainFailure } from "./failure.js";
import { type LockFile, takeOf, takeSyncOf, termsOf } from "./lock-file.js";
import {
  type AcquireOptions,
  type AcquireSyncOptions,
  checkFunction,
  checkList,
  checkOptions,
  type Waiting,
} from "./options.js";
import { compareLocks, isOneName } from "./order.js";
import { type Identity, identityAt, isSame } from "./system/open-file.js";

/**
 * What an acquire of several locks does. `timeout` and `signal` are for all together. What is not given here is as each
 * constructor and kind says, but for `raiseIfFail`, which is true.
 */
export interface SeveralOptions<L extends LockFile | HostsLock = LockFile>
  extends Omit<AcquireOptions, "onWait"> {
  /** As that of one acquire; it is also given the lock that is waited for. */
  readonly onWait?: ((waiting: Waiting, lock: L) => void) | undefined;
}

/** A lock of many hosts, as far as `withLocks` goes: a `ClusterLock` of `lock-catalogue/postgres`. */
export interface HostsLock {
  /** The lock of this host. */
  readonly file: LockFile;
  /** Whether the object holds the lock. */
  readonly held: boolean;
  /** Runs `fn` under the lock. */
  withLock<T>(
    fn: (hold: { readonly held: boolean }) => T | PromiseLike<T>,
    options?: AcquireOptions,
  ): Promise<T>;
}

/** Several locks that are held together. They are released in the reverse order of taking. */
export class LockSet<const Locks extends readonly LockFile[]> {
  /** As they were given to the acquire. Of two objects of one file, only one holds its lock. */
  readonly locks: Locks;
  readonly #held: readonly LockFile[];
  readonly #taken: readonly LockFile[];

  /** For the package's own use: `acquireAll` makes these. @param taken In the order of release. */
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
    for (const lock of this.#taken) lock.release();
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
 * Locks of many hosts may be among them. `fn` finds the `signal` and the `token()` of each on its object.
 *
 * @param fn Gets whether all locks are held: `false`, and none of them is, only with `raiseIfFail: false`.
 * @returns what `fn` returns.
 * @throws what `fn` throws, and what `acquireAll` throws; LockLost after `fn`, if a file was removed or replaced
 *   meanwhile. If several were, the `cause` of the first is an AggregateError of the others.
 */
export async function withLocks<T, const Locks extends readonly (LockFile | HostsLock)[]>(
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
  const [loss, ...more] = losses;
  // An error of its own tells more than that a lock was lost, unless it only passes the abort of that on.
  if (loss !== undefined && ("value" in outcome || nameOf(outcome.error) === "AbortError")) {
    if (more.length > 0) loss.cause ??= new AggregateError(more, "Other locks were lost as well.");
    throw loss;
  }
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
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
  const taken: LockFile[] = [];
  let set: LockSet<Locks> | null = null;
  try {
    for (let lock = plan.next(); lock !== null; lock = plan.next()) {
      const got = await acquire(plan, lock);
      if (got === false) return null;
      plan.add(lock);
      if (got === "taken") taken.unshift(lock);
    }
    if (plan.confirm()) set = new LockSet(locks, plan.held, taken);
    return set;
  } finally {
    if (set === null) for (const lock of taken) lock.release();
  }
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
  const taken: LockFile[] = [];
  let set: LockSet<Locks> | null = null;
  try {
    for (let lock = plan.next(); lock !== null; lock = plan.next()) {
      const got = acquireSync(plan, lock);
      if (got === false) return null;
      plan.add(lock);
      if (got === "taken") taken.unshift(lock);
    }
    if (plan.confirm()) set = new LockSet(locks, plan.held, taken);
    return set;
  } finally {
    if (set === null) for (const lock of taken) lock.release();
  }
}

async function acquire<L extends LockFile>(plan: Plan<L>, lock: L): Promise<Got> {
  try {
    return await takeOf(lock, plan.optionsFor(lock));
  } catch (error) {
    throw plan.explain(lock, error);
  }
}

function acquireSync<L extends LockFile>(plan: Plan<L>, lock: L): Got {
  try {
    return takeSyncOf(lock, plan.optionsFor(lock));
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
async function holdRest<T, L extends LockFile | HostsLock>(
  plan: Plan<L>,
  fn: (locked: boolean) => T | PromiseLike<T>,
  losses: Error[],
): Promise<Outcome<T> | null> {
  const lock = plan.next();
  let outcome: Outcome<T> | null | undefined;
  try {
    if (lock === null) return plan.confirm() ? { value: await fn(true) } : null;
    const run = async (locked: boolean): Promise<void> => {
      if (locked) plan.add(lock);
      outcome = locked ? await holdRest(plan, fn, losses) : null;
    };
    const options = plan.optionsFor(lock);
    if (isOfHosts(lock)) await lock.withLock(({ held }) => run(held), options);
    else await lock.withLock(run, options);
  } catch (error) {
    if (lock === null) return { error };
    if (outcome === undefined) return { error: plan.explain(lock, error) };
    losses.unshift(error as Error);
  }
  return outcome ?? null;
}

/** Several locks on their way to be held together. */
class Plan<L extends LockFile | HostsLock> {
  /** Those that are held by now, in the order of taking. */
  readonly held: L[] = [];
  readonly #files: (Identity | null)[] = [];
  readonly #rest: L[];
  readonly #options: SeveralOptions<L>;
  readonly #start: number;

  /** @throws TypeError, RangeError for arguments that cannot be meant, before anything is taken. */
  constructor(method: string, locks: readonly L[], options: SeveralOptions<L>) {
    checkList(method, locks);
    const given = checkOptions(method, options) as SeveralOptions<L>;
    this.#options = { ...given, raiseIfFail: given.raiseIfFail ?? true };
    this.#start = performance.now();
    const strengths = new Map(
      locks.map((lock) => {
        const { mode } = termsOf(localOf(lock), method, this.optionsFor(lock));
        const ranks = [isOfHosts(lock), mode === "exclusive", lock.held];
        return [lock, ranks.reduce((sum, is) => 2 * sum + Number(is), 0)];
      }),
    );
    const strengthOf = (lock: L): number => strengths.get(lock) ?? 0;
    const files = new Map(locks.map((lock) => [lock, fileOf(lock)]));
    this.#rest = [];
    for (const lock of [...locks].sort((a, b) => compareLocks(localOf(a), localOf(b)))) {
      const isSameFile = (other: L): boolean =>
        isOneName(localOf(other), localOf(lock)) || isSameAs(files.get(other), files.get(lock));
      const at = this.#rest.findIndex(isSameFile);
      const other = this.#rest[at];
      if (other === undefined) this.#rest.push(lock);
      // Of what is said of one file, the strongest goes for all: of shared and exclusive, exclusive.
      else if (strengthOf(lock) > strengthOf(other)) this.#rest[at] = lock;
    }
  }

  /** The lock to be taken next; null if all are held. */
  next(): L | null {
    for (;;) {
      const lock = this.#rest.shift();
      if (lock === undefined) return null;
      // Two names may have become one file since, or are one where case is ignored. What is held is there, and not missed.
      const file = fileOf(lock);
      if (!this.#files.some((other) => isSameAs(other, file))) return lock;
    }
  }

  /** What an acquire of one lock does, within the time that is left for all. */
  optionsFor(lock: L): AcquireOptions {
    const { timeout, onWait } = this.#options;
    const left = timeout && Math.max(1, this.#start + timeout - performance.now());
    const tell = onWait && ((waiting: Waiting): void => onWait(waiting, lock));
    return { ...this.#options, timeout: left, onWait: tell };
  }

  /** A lock is held from now on. */
  add(lock: L): void {
    this.held.push(lock);
    this.#files.push(fileOf(lock));
  }

  /**
   * Whether all are held still, and not released by others while we waited for the next.
   *
   * @throws LockReleased
   */
  confirm(): boolean {
    const gone = this.held.find((lock) => !lock.held);
    if (gone !== undefined && this.#options.raiseIfFail) {
      throw explainFailure(localOf(gone), { reason: "released" });
    }
    return gone === undefined;
  }

  /** Makes the error of one lock say how long all have been waited for: it knows of its own wait alone. */
  explain(lock: L, error: unknown): unknown {
    const isFirst = this.held.length === 0;
    // Who has a lock of many hosts, only its own error knows.
    if (isFirst || isOfHosts(lock) || this.#options.timeout === undefined) return error;
    if (!(error instanceof LockFileTimeout)) return error;
    const { circle } = error;
    const waited = performance.now() - this.#start;
    return explainFailure(lock, { reason: "timeout", waited, circle });
  }
}

/** The file that is at the path of a lock; null if it is not to be seen, which is for an acquire to say. */
function fileOf(lock: LockFile | HostsLock): Identity | null {
  try {
    return identityAt(localOf(lock).filename);
  } catch {
    return null;
  }
}

function isSameAs(a: Identity | null | undefined, b: Identity | null | undefined): boolean {
  return a != null && b != null && isSame(a, b);
}

/** The lock of this host. */
function localOf(lock: LockFile | HostsLock): LockFile {
  return isOfHosts(lock) ? lock.file : lock;
}

/** A kind may have a parameter that is called `file`, and has a file name. */
function isOfHosts(lock: LockFile | HostsLock): lock is HostsLock {
  return !("filename" in lock);
}
