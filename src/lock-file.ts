// The types of `Symbol.dispose`, for programs whose own `lib` has none.
/// <reference lib="esnext.disposable" preserve="true" />

import { Acquisition, type Got, type WaitOutcome } from "./acquisition.js";
import { tellFailed } from "./channels.js";
import { nextTurn, performance } from "./clock.js";
import { LockOutOfOrder, mayPass } from "./errors.js";
import {
  codeOfFailure,
  explainError,
  explainFailure,
  type Failure,
  heldOtherwise,
  isForeign,
  lostLock,
  outOfOrder,
} from "./failure.js";
import { heldTooEarly, withinFlow } from "./flow.js";
import { findCircle, findCircleSync } from "./holder/circle.js";
import { findHolder } from "./holder/find-holder.js";
import { inspectLock, type LockState } from "./holder/lock-state.js";
import type { HeldLock, Loss } from "./lock/held.js";
import { absolutePath, directoryOf, locateFile, readFileName } from "./name.js";
import {
  type AcquireOptions,
  type AcquireSyncOptions,
  checkFunction,
  checkMode,
  checkOptions,
  checkPath,
  checkValues,
  type IntegerRange,
  type LockDirectory,
  type LockFileDefaults,
  type LockFileOptions,
  type LockFileRights,
  resolveOptions,
  type Terms,
} from "./options.js";
import type { LockOrder } from "./order.js";
import { Turn } from "./system/sleep.js";
import { quotedValue } from "./text.js";
import { Patience } from "./wait/patience.js";
import { inTurn, isQueued } from "./wait/thread-queue.js";

/** What an acquire of a lock with these options does: for the package's own use. */
export let termsOf: (lock: LockFile, method: string, options: AcquireOptions) => Terms;

/** Acquires, and says whether this acquire took the lock or its object had it: for the package's own use. */
export let takeOf: (lock: LockFile, options: AcquireOptions) => Promise<Got>;

/** The same, synchronously. */
export let takeSyncOf: (lock: LockFile, options: AcquireSyncOptions) => Got;

/** What the channels know the acquire by that took a lock: for the package's own use. */
export let contenderOf: (lock: LockFile) => number;

/**
 * An advisory lock by the name of a file, taken with flock(2): exclusive, unless it is asked for in the mode `shared`.
 *
 * Advisory means that it keeps out only those who ask for it: it does not keep anybody from reading,
 * writing or deleting anything. It excludes every process and every other `LockFile` object on the same
 * machine that takes the same file, and the kernel releases it when its process dies, however it dies.
 * The file itself stays. One object is one holder: give each request of a server an object of its own.
 */
export class LockFile {
  /** Template of the file name, with `{parameters}`; `null` on the base. */
  static readonly TEMPLATE: string | null = null;
  /** Reads a base name back: a named group per parameter. `null` if names cannot be read back. */
  static readonly LOCK_PATTERN: RegExp | null = null;
  /** What the value of each parameter must match, in template order. */
  static readonly PARAMETERS: Readonly<Record<string, RegExp>> = {};
  /** The only values of the parameters that have a list of them, or are whole numbers. */
  static readonly VALUES: Readonly<Record<string, readonly string[] | IntegerRange>> = {};
  /** Whether the constructor takes the values in one object, by name. */
  static readonly NAMED: boolean = false;
  /** Where the files are: always there, or unless an environment variable says otherwise; `null` if the program says. */
  static readonly DIRECTORY: string | LockDirectory | null = null;
  /** What a file of this kind gets when it is created; `null` for mode 0600. */
  static readonly FILE: LockFileRights | null = null;
  /** Whether locks of this kind may be shared; those of the base always may. */
  static readonly SHARED: boolean = false;
  /** Its place in the order in which locks are taken; `null` if its catalogue declares none. */
  static readonly LOCK_ORDER: LockOrder | null = null;
  /** What locks of this kind do unless told otherwise. */
  static readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  /** Name of the kind, as in the catalogue. */
  readonly kind: string = "LockFile";
  /** Absolute path of the lock file. */
  readonly filename: string;
  readonly #options: LockFileOptions;
  readonly #acquisition: Acquisition = new Acquisition(this);
  /** Of the `withLock` calls that wait for another one of this object. */
  readonly #calls = new Set<Patience>();

  /**
   * Touches nothing on disk. A relative `filename` is resolved against the current working directory.
   *
   * @param filename A path, or a `file:` URL. The content of a file that no lock program wrote stays as it is.
   * @throws TypeError, RangeError for arguments that cannot be meant; LockFileNameError from a kind of a catalogue,
   *   for a value that no file name can hold.
   */
  constructor(filename: string | URL, options: LockFileOptions = {}) {
    const method = `new ${new.target.name}()`;
    this.#options = checkOptions(method, options);
    checkMode(method, this.#options.mode, new.target);
    this.filename = absolutePath(checkPath(`the filename of ${method}`, filename));
  }

  /** The lock of exactly this class whose file is `path`; `null` if its base name is of another. Throws nothing. */
  static buildIfMatches(_path: string): LockFile | null {
    return null;
  }

  static {
    termsOf = (lock, method, options) => lock.#resolve(method, options);
    takeOf = async (lock, options) => lock.#acquire(lock.#resolve("acquireAll()", options));
    takeSyncOf = (lock, options) => lock.#acquireSync(lock.#resolve("acquireAllSync()", options));
    contenderOf = (lock) => lock.#acquisition.id;
  }

  /** Whether this object holds the lock. */
  get held(): boolean {
    return this.#acquisition.held;
  }

  /**
   * Whether this object holds the lock, and its file is still the one at the path. If it was removed or replaced, as
   * by a clean-up of the directory, another process may hold the lock of the file that is there now. Looks at the
   * path each time it is called; does not wait.
   */
  isCurrent(): boolean {
    return this.held && this.#acquisition.loss === null;
  }

  /**
   * Takes the lock. Waits if the options, the constructor or the kind say so, and blocks nothing
   * meanwhile: the event loop runs, and contenders of this process queue. A wait keeps the process alive; a held lock
   * does not. It is held until {@link LockFile.release}, dispose, or the end of the process or Worker, also if nobody mentions
   * the object again.
   *
   * @returns `true` once this object holds the lock, at once if it does already; with
   *   `raiseIfFail: false`, `false` if someone else has it or this user may not take it.
   * @throws LockFileBusy, LockFileTimeout, LockFilePermissionDenied, LockFileUnsafe, LockReleased, the system's own
   *   error, `signal.reason` on abort, TypeError or RangeError for options that cannot be meant; LockLost if this
   *   object holds the lock and its file is not the one at the path any more; LockHeldOtherwise if it holds it in the
   *   other mode; LockOutOfOrder instead of waiting inside the `withLock` of one that is to be taken later.
   */
  async acquire(options: AcquireOptions = {}): Promise<boolean> {
    return (await this.#acquire(this.#resolve("acquire()", options))) !== false;
  }

  /**
   * Takes the lock as {@link LockFile.acquire} does, but synchronously: **a wait stops this thread**. No timer,
   * promise or signal handler runs until the lock is there or the time is over.
   *
   * @throws as {@link LockFile.acquire}; LockFileDeadlock instead of waiting for a lock that this thread holds.
   */
  acquireSync(options: AcquireSyncOptions = {}): boolean {
    return this.#acquireSync(this.#resolve("acquireSync()", options)) !== false;
  }

  /**
   * Releases the lock, and ends the acquires of this object that wait: they reject with LockReleased, or are `false`.
   * Does nothing else if this object does not hold it. Never throws, never waits. The file stays.
   */
  release(): void {
    for (const patience of this.#calls) patience.stop();
    this.#acquisition.endWaits("released");
    this.#acquisition.release();
  }

  /**
   * Who holds the lock. Takes some µs; if the holder is only just writing its PID or leaves none, up to a few ms, as
   * the kernel is asked. Creates and changes nothing, and makes no contender fail. By the time you use the value, the
   * state may have changed.
   *
   * @returns the PID of a process that is known to hold it; `null` if nobody has it exclusively: it is free, or only
   *   shared, as by `flock -s`.
   * @throws LockFileParsingError if it is held, and neither file nor system tell by whom.
   */
  getOwnerPid(): number | null {
    if (this.#acquisition.mode === "exclusive") return process.pid;
    try {
      return findHolder(this.filename);
    } catch (error) {
      throw explainError(this, error);
    }
  }

  /**
   * Who holds the lock, since when, and who waits for it: what `scan` of a catalogue tells of many. Creates and changes
   * nothing, and makes no contender fail. Reads the kernel's table of locks without blocking, which takes a few ms; by
   * the time you use the answer, the state may have changed.
   *
   * @returns what is known of the file that is at the path now: `state` is `free` also if there is none, and a file that
   *   cannot be read is `unreadable` and no error.
   * @throws LockFileNativeMissing
   */
  inspect(): Promise<LockState> {
    return inspectLock(this.filename);
  }

  /**
   * Acquires, runs `fn`, and releases, whatever happens. If it resolves, the lock was held from start to end.
   *
   * Calls on one object exclude each other as calls on two objects do, first come, first served, so do not nest them:
   * an inner call finds the lock busy, or waits for the outer one for ever. What `fn` does and starts knows that it is
   * inside: to wait there for a lock that the order of the catalogue puts before this one is LockOutOfOrder. Between an {@link LockFile.acquire} and a
   * {@link LockFile.release} of the same object, `fn` runs under that hold, which stays.
   *
   * @param fn Gets whether the lock is held: `false` only with `raiseIfFail: false`.
   * @param options As of {@link LockFile.acquire}.
   * @returns what `fn` returns.
   * @throws what `fn` throws, and what {@link LockFile.acquire} throws; LockLost after `fn`, if the file was removed or
   *   replaced meanwhile, so that another process may have run beside it. The path is looked at once, at the end: a file
   *   that was moved away and back in between is not noticed.
   */
  async withLock<T>(
    fn: (locked: boolean) => T | PromiseLike<T>,
    options: AcquireOptions = {},
  ): Promise<T> {
    checkFunction("withLock()", fn);
    const terms = this.#resolve("withLock()", options);
    this.#throwIfAborted(terms, 0);
    if (terms.timeout === 0 && isQueued(this.#calls))
      return fn(this.#fail({ reason: "busy" }, terms, 0));
    const patience = new Patience(terms.timeout > 0 ? terms.timeout : Infinity, terms.signal);
    const start = performance.now();
    this.#calls.add(patience);
    using report = isQueued(this.#calls)
      ? this.#acquisition.report(terms, this.#calls, patience)
      : null;
    const ran = await inTurn(this.#calls, patience, async () => {
      report?.[Symbol.dispose]();
      const timeout = terms.timeout > 0 ? patience.left : 0;
      this.#calls.delete(patience);
      patience.stop();
      const run = (tell: (isInside: boolean) => void): Promise<T> =>
        this.#runLocked(fn, { ...terms, timeout }, tell);
      return { value: await withinFlow(this, run) };
    });
    if (ran !== null) return ran.value;
    patience.stop();
    this.#throwIfAborted(terms, start);
    const isLate = this.#calls.delete(patience) && patience.left === 0;
    return fn(this.#fail(isLate ? failureOf(terms, start) : { reason: "released" }, terms, start));
  }

  /** Releases, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** Releases, at the end of an `await using` block. Never waits: there is nothing to wait for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }

  /** Kind and parameters, as messages name a lock: `ServerBackupLock (serverName "main")`. */
  toString(): string {
    const { PARAMETERS } = this.constructor as typeof LockFile;
    const values = Object.keys(PARAMETERS).map(
      (name) => `${name} ${quotedValue(Reflect.get(this, name))}`,
    );
    return values.length === 0 ? this.kind : `${this.kind} (${values.join(", ")})`;
  }

  /**
   * The path of a lock file of this kind.
   *
   * @param lockDirectory `undefined` for where the spec says.
   * @throws LockFileNameError for a value that no name can hold.
   */
  protected static locate(
    lockDirectory: string | URL | undefined,
    values: Readonly<Record<string, string | number>>,
  ): string {
    const argument = this.DIRECTORY === null ? "lockDirectory" : "option directory";
    const directory = checkPath(
      `the ${argument} of new ${this.name}()`,
      lockDirectory ?? directoryOf(this),
    );
    checkValues(`new ${this.name}()`, values);
    return locateFile(this, directory, values);
  }

  /** The values in the base name of a path, and the directory; `null` if it is not a name of this kind. */
  protected static read<P extends string>(
    path: string,
    parameters: readonly P[],
  ): Readonly<Record<P | "lockDirectory", string>> | null;
  /** The same with the types of `V`, of a kind whose values are not any text. */
  protected static read<V extends object>(
    path: string,
    parameters: readonly (keyof V & string)[],
  ): (V & { readonly lockDirectory: string }) | null;
  protected static read(path: string, parameters: readonly string[]): object | null {
    const read = readFileName(path, this.LOCK_PATTERN, parameters, this.VALUES);
    // Files of the same name in other directories are those of other kinds.
    const { DIRECTORY } = this;
    return typeof DIRECTORY === "string" && read?.["lockDirectory"] !== DIRECTORY ? null : read;
  }

  async #runLocked<T>(
    fn: (locked: boolean) => T | PromiseLike<T>,
    terms: Terms,
    tell: (isInside: boolean) => void,
  ): Promise<T> {
    const got = await this.#acquire(terms);
    let value: T;
    let loss: Loss | null;
    try {
      tell(got !== false);
      value = await fn(got !== false);
    } finally {
      tell(false);
      // A hold that `fn` has released itself was exclusive as long as it wanted.
      loss = got === false ? null : this.#acquisition.loss;
      if (got === "taken") this.#acquisition.release();
    }
    if (loss !== null) throw lostLock(this, loss);
    return value;
  }

  /** @throws LockOutOfOrder */
  #checkOrder({ id, timeout }: Terms): void {
    const held = timeout > 0 && !this.held ? heldTooEarly(this) : null;
    if (held === null) return;
    tellFailed(this, id, LockOutOfOrder.CODE, 0);
    throw outOfOrder(this, held);
  }

  /** @returns how this object came to hold the lock: by this acquire, or before it. */
  async #acquire(terms: Terms): Promise<Got> {
    this.#throwIfAborted(terms, 0);
    this.#checkOrder(terms);
    const start = terms.timeout > 0 ? performance.now() : 0;
    for (let waits = 0; ; waits++) {
      if (this.held) return this.#stillHeld(terms) && "held";
      let outcome: WaitOutcome;
      try {
        // Not ahead of contenders of this thread that wait.
        const inTurn = terms.timeout > 0 && isQueued(this.filename);
        const got = inTurn ? false : this.#take(terms);
        if (got === true) outcome = "taken";
        else if (terms.timeout > 0) {
          outcome = await this.#acquisition.wait(terms, start, waits > 0);
          // The time may have been over before the wait tried: what is the matter, one more try tells.
          if (outcome === "late" && got === "failed" && this.#acquisition.take(terms) === true) {
            outcome = "taken";
          }
        } else {
          outcome = got === "shared" ? await this.#acquisition.takeUnlessShared(terms) : "late";
        }
      } catch (error) {
        this.#throwIfAborted(terms, start);
        return this.#fail({ reason: "error", error }, terms, start);
      }
      if (outcome === "late") {
        const failure = failureOf(terms, start);
        if (failure.reason !== "timeout" || !terms.raiseIfFail) {
          return this.#fail(failure, terms, start);
        }
        const circle = await findCircle(this.#asHeld, TABLE_AGE_MS);
        // All that waited for the table come at once, and the error looks for the holder.
        while (turn.isLong) await nextTurn();
        if (this.held) continue;
        return this.#fail({ ...failure, circle }, terms, start);
      }
      if (outcome === "released") return this.#fail({ reason: "released" }, terms, start);
      // What another acquire of this object got, it may release before whoever awaits this one comes to run: so
      // nothing else runs between this look and that.
      if (outcome === "held") await nextTurn();
      if (outcome === "held" && !this.held) continue;
      if (outcome === "held") tellFailed(this, terms.id, "LOCK_HELD", start);
      return this.#granted(terms) && outcome;
    }
  }

  /** The same, synchronously. */
  #acquireSync(terms: Terms): Got {
    if (this.held) return this.#stillHeld(terms) && "held";
    this.#checkOrder(terms);
    const start = terms.timeout > 0 ? performance.now() : 0;
    let outcome: "taken" | "held" | "late" | "deadlock";
    try {
      const got = this.#take(terms);
      if (got === true) outcome = "taken";
      else if (terms.timeout > 0) outcome = this.#acquisition.waitSync(terms);
      else {
        const isFree = got === "shared" && this.#acquisition.takeUnlessSharedSync(terms);
        outcome = isFree ? "taken" : "late";
      }
    } catch (error) {
      return this.#fail({ reason: "error", error }, terms, start);
    }
    if (outcome === "held") tellFailed(this, terms.id, "LOCK_HELD", start);
    if (outcome === "taken" || outcome === "held") return this.#granted(terms) && outcome;
    if (outcome === "deadlock") return this.#fail({ reason: outcome }, terms, start);
    const failure = failureOf(terms, start);
    if (failure.reason !== "timeout" || !terms.raiseIfFail) {
      return this.#fail(failure, terms, start);
    }
    return this.#fail({ ...failure, circle: findCircleSync(this.#asHeld) }, terms, start);
  }

  /** The lock was taken: a subscriber, told of that in the middle of the call, may have released it again. */
  #granted(terms: Terms): boolean {
    const { mode } = this.#acquisition;
    // Another acquire of this object may have been faster, in the other mode.
    if (mode !== null && mode !== terms.mode) throw heldOtherwise(this, mode);
    return mode !== null || this.#deny({ reason: "released" }, terms);
  }

  /** What may pass by itself is waited for like a busy lock. */
  #take(terms: Terms): boolean | "shared" | "failed" {
    try {
      return this.#acquisition.take(terms);
    } catch (error) {
      if (terms.timeout > 0 && mayPass(error)) return "failed";
      throw error;
    }
  }

  #stillHeld(terms: Terms): true {
    const { loss, mode } = this.#acquisition;
    if (loss !== null) throw lostLock(this, loss);
    if (mode !== terms.mode) throw heldOtherwise(this, mode);
    return true;
  }

  get #asHeld(): HeldLock {
    return { kind: this.kind, path: this.filename };
  }

  #resolve(method: string, options: AcquireOptions): Terms {
    return resolveOptions(
      method,
      options,
      this.#options,
      this.kind,
      this.constructor as typeof LockFile,
    );
  }

  #throwIfAborted({ id, signal }: Terms, start: number): void {
    if (!signal?.aborted) return;
    tellFailed(this, id, "ABORT_ERR", start);
    signal.throwIfAborted();
  }

  /** @param start When (ms, monotonic) the acquire began to wait; 0 if it did not. */
  #fail(failure: Failure, terms: Terms, start: number): false {
    tellFailed(this, terms.id, codeOfFailure(failure), start);
    return this.#deny(failure, terms);
  }

  #deny(failure: Failure, { raiseIfFail }: Terms): false {
    if (raiseIfFail || !isForeign(failure)) throw explainFailure(this, failure);
    return false;
  }
}

/** What an acquire that got nothing says: it tried once, or it waited. */
function failureOf({ timeout }: Terms, start: number): Failure {
  if (timeout === 0) return { reason: "busy" };
  return { reason: "timeout", waited: performance.now() - start, circle: null };
}

const turn = new Turn();

/** How old (ms) the kernel's table may be in which a circle is looked for: processes in one wait on. */
const TABLE_AGE_MS = 20;
