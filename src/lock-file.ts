// The types of `Symbol.dispose`, for programs whose own `lib` has none.
/// <reference lib="esnext.disposable" preserve="true" />
import { resolve } from "node:path";
import { Acquisition } from "./acquisition.js";
import { explainError, explainFailure, type Failure, isBroken } from "./failure.js";
import { findOwner } from "./holder/find-holder.js";
import { locateFile, readFileName } from "./name.js";
import {
  type AcquireOptions,
  type AcquireSyncOptions,
  type LockFileDefaults,
  type LockFileOptions,
  type Resolved,
  resolveOptions,
} from "./options.js";

/**
 * An exclusive, advisory lock by the name of a file, taken with flock(2).
 *
 * Advisory means that it keeps out only those who ask for it: it does not keep anybody from reading,
 * writing or deleting anything. It excludes every process and every other `LockFile` object on the same
 * machine that takes the same file, and the kernel gives it back when its process dies, however it dies.
 * The file itself stays. One object is one holder.
 */
export class LockFile {
  /** Template of the file name, with `{parameters}`; `null` on the base. */
  static readonly TEMPLATE: string | null = null;
  /** Reads a base name back: a named group per parameter. `null` where names cannot be read back. */
  static readonly LOCK_PATTERN: RegExp | null = null;
  /** What the value of each parameter must match, in template order. */
  static readonly PARAMETERS: Readonly<Record<string, RegExp>> = {};
  /** What locks of this kind do unless told otherwise. */
  static readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  /** Name of the kind, as in the catalogue. */
  readonly kind: string = "LockFile";
  /** Absolute path of the lock file. */
  readonly filename: string;
  readonly #defaults: LockFileDefaults;
  readonly #ownership: Acquisition = new Acquisition();
  /** Settles when the withLock that is at work has ended. */
  #inside: Promise<void> | null = null;

  /**
   * Touches nothing on disk. A relative `filename` counts from the working directory of now.
   * @throws LockFileNameError from a kind of a catalogue, for a value that no file name can hold.
   */
  constructor(filename: string, { raiseIfFail, wait }: LockFileOptions = {}) {
    const own = new.target.DEFAULTS;
    this.filename = resolve(filename);
    this.#defaults = { raiseIfFail: raiseIfFail ?? own.raiseIfFail, wait: wait ?? own.wait };
  }

  /** The lock of exactly this class whose file is `path`; `null` where its base name is of another. Throws nothing. */
  static buildIfMatches(_path: string): LockFile | null {
    return null;
  }

  /** Whether this object holds the lock. */
  get held(): boolean {
    return this.#ownership.held;
  }

  /**
   * Takes the lock. Waits if the options, the constructor or the kind say so, and blocks nothing
   * meanwhile: the event loop runs, and contenders of this process stand in line. A wait keeps the
   * process alive; a held lock does not. Keep a reference to the object until its release: one that is
   * forgotten is collected, and its lock given back.
   *
   * @returns `true` once this object holds the lock, at once if it does already; with
   *   `raiseIfFail: false`, `false` where it could not be had, for whatever reason.
   * @throws LockFileBusy, LockFileTimeout, LockFilePermissionDenied, LockFileUnsafe, the system's own
   *   error, `signal.reason` on abort, RangeError for an impossible timeout.
   */
  async acquire(options: AcquireOptions = {}): Promise<boolean> {
    return (await this.#acquire(options)) !== false;
  }

  /**
   * Takes the lock as {@link acquire} does, but synchronously: **a wait stops this thread**. No timer,
   * promise or signal handler runs until the lock is there or the time is over.
   *
   * @throws as {@link acquire}; LockFileDeadlock instead of waiting for a lock that this thread holds.
   */
  acquireSync(options: AcquireSyncOptions = {}): boolean {
    const terms = resolveOptions(options, this.#defaults);
    if (this.held) return true;
    const start = terms.timeout > 0 ? performance.now() : 0;
    try {
      if (this.#ownership.take(this, terms, false)) return true;
      const outcome = terms.timeout > 0 && this.#ownership.waitSync(this, terms);
      if (outcome === true) return true;
      if (outcome === "deadlock") return this.#fail({ reason: outcome }, terms);
    } catch (error) {
      return this.#fail({ reason: "error", error }, terms);
    }
    return this.#fail(lateness(terms, start), terms);
  }

  /** Gives the lock back; does nothing where this object does not hold it. Never throws, never waits. The file stays. */
  release(): void {
    this.#ownership.giveBack();
  }

  /**
   * Who holds the lock. Takes some µs, and up to a few ms where the holder is only just writing its PID;
   * creates and changes nothing, and makes no contender fail. By the time you use the value, the state
   * may have changed.
   *
   * @returns the holder's PID, `null` where the lock is free.
   * @throws LockFileParsingError where it is held and the file does not say by whom.
   */
  getOwnerPid(): number | null {
    if (this.held) return process.pid;
    try {
      return findOwner(this.filename);
    } catch (error) {
      throw explainError(this, error);
    }
  }

  /**
   * Acquires with the object's own options, runs `fn`, and releases, whatever happens.
   *
   * Calls on one object exclude each other as calls on two objects do, so do not nest them: an inner call
   * finds the lock busy, or waits for the outer one for ever. Between an {@link acquire} and a
   * {@link release} of the same object, `fn` runs under that hold, which stays.
   *
   * @param fn Gets whether the lock is held: `false` only with `raiseIfFail: false`.
   * @returns what `fn` returns.
   * @throws what `fn` throws, and what {@link acquire} throws.
   */
  async withLock<T>(fn: (locked: boolean) => T | PromiseLike<T>): Promise<T> {
    const terms = resolveOptions({}, this.#defaults);
    if (terms.timeout > 0) while (this.#inside !== null) await this.#inside;
    if (this.#inside !== null) return fn(this.#fail({ reason: "busy" }, terms));
    const working = this.#runInside(fn);
    this.#inside = working.then(noop, noop);
    try {
      return await working;
    } finally {
      this.#inside = null;
    }
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
      (name) => `${name} ${JSON.stringify(Reflect.get(this, name))}`,
    );
    return values.length === 0 ? this.kind : `${this.kind} (${values.join(", ")})`;
  }

  /** The path of a lock file of this kind. @throws LockFileNameError for a value that no name can hold. */
  protected static locate(lockDirectory: string, values: Readonly<Record<string, string>>): string {
    return locateFile(this, lockDirectory, values);
  }

  /** The values in the base name of a path, and the directory; `null` where it is not a name of this kind. */
  protected static read<P extends string>(
    path: string,
    parameters: readonly P[],
  ): Readonly<Record<P | "lockDirectory", string>> | null {
    return readFileName(path, this.LOCK_PATTERN, parameters);
  }

  async #runInside<T>(fn: (locked: boolean) => T | PromiseLike<T>): Promise<T> {
    let got = await this.#acquire({});
    // What another acquire of this object got, it may have released again before we came to run.
    while (got === "held" && !this.held) got = await this.#acquire({});
    try {
      return await fn(got !== false);
    } finally {
      if (got === "taken") this.release();
    }
  }

  /** @returns how this object came to hold the lock: by this acquire, or before it. */
  async #acquire(options: AcquireOptions): Promise<"taken" | "held" | false> {
    const terms = resolveOptions(options, this.#defaults);
    const { signal } = options;
    signal?.throwIfAborted();
    if (this.held) return "held";
    const start = terms.timeout > 0 ? performance.now() : 0;
    try {
      if (this.#ownership.take(this, terms, terms.timeout > 0)) return "taken";
      const got = terms.timeout > 0 && (await this.#ownership.wait(this, terms, signal));
      if (got !== false) return got;
    } catch (error) {
      signal?.throwIfAborted();
      return this.#fail({ reason: "error", error }, terms);
    }
    return this.#fail(lateness(terms, start), terms);
  }

  #fail(failure: Failure, { raiseIfFail }: Resolved): false {
    if (raiseIfFail || isBroken(failure)) throw explainFailure(this, failure);
    return false;
  }
}

function noop(): void {}

/** What an acquire that got nothing says: it tried once, or it waited. */
function lateness({ timeout }: Resolved, start: number): Failure {
  if (timeout === 0) return { reason: "busy" };
  return { reason: "timeout", waited: performance.now() - start };
}
