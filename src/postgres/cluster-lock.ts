import { hostname } from "node:os";
import { performance } from "../clock.js";
import {
  LockFileBusy,
  LockFileException,
  LockFileParsingError,
  LockFileTimeout,
  LockLost,
  nameOf,
} from "../errors.js";
import { explainFailure, lostLock } from "../failure.js";
import { type LockFile, termsOf } from "../lock-file.js";
import { type AcquireOptions, checkFunction, type Terms } from "../options.js";
import { Line } from "../wait/line.js";
import { Patience } from "../wait/patience.js";
import type { Hold as Held } from "./hold.js";
import type { Member } from "./member.js";
import { describeOwner } from "./owner.js";
import { OVER, race } from "./race.js";
import { explainTrouble } from "./trouble.js";

/** What the function of a {@link ClusterLock.withLock} gets: the hold under which it runs. */
export interface Hold {
  /** Whether the lock is held: `false` only with `raiseIfFail: false`, if it could not be had. */
  readonly held: boolean;
  /** Aborts when the lock is lost, and its reason is the LockLost; aborted from the start if it is not held. */
  readonly signal: AbortSignal;
  /**
   * The fencing token of this hold, which is greater than those of all holders of this name before. Asked of the
   * server at the first call, which waits for its answer: a write to its log on disk.
   *
   * @throws LockLost if the lock is lost; the driver's error; RangeError beyond what a bigint of PostgreSQL holds.
   */
  token(): Promise<bigint>;
}

/** Who holds a lock of the cluster. */
export interface ClusterOwner {
  /** The name of the host, as it calls itself; cut if it is longer than PostgreSQL's 63 bytes allow. */
  readonly host: string;
  /** The PID of the process, on that host. */
  readonly pid: number;
  /** Since when, by the clock of that host; null if the holder did not say so within half a second. */
  readonly since: Date | null;
}

/**
 * The lock of a file, on this host and on all others: whoever holds it has the flock of the file, and the advisory
 * lock of its name at the server. They are taken in this order, and released in the reverse one.
 *
 * A lock that is held is held until its release, or the end of the process, or its loss: when the session at the
 * server ends. A stopped or busy process keeps it. One object is one holder.
 */
export class ClusterLock<L extends LockFile> {
  /** The lock of this host. Leave it alone while this object holds it. */
  readonly file: L;
  readonly #member: Member;
  /** Acquires and releases of this object, one after the other; and the functions of withLock. */
  readonly #lines: Line<"turn" | "inside"> = new Line();
  /** Of the acquires that are under way. */
  readonly #pending = new Set<Patience>();
  /** How many of its acquires wait. */
  #waiting = 0;
  #hold: Held | null = null;
  /** Whether the flock is ours to release, and not of a user who took it with the same object. */
  #ownsFile = false;

  /** For the package's own use: `hosts.lock(file)` makes these. */
  constructor(file: L, member: Member) {
    this.file = file;
    this.#member = member;
  }

  /** Whether this object holds the lock, as far as is known. */
  get held(): boolean {
    return this.#hold !== null && this.#hold.lost === null;
  }

  /**
   * Aborts when the lock is lost, and its reason is the LockLost. It is of one hold: the next one has another. If
   * the lock is not held, it is aborted.
   */
  get signal(): AbortSignal {
    return this.#hold?.signal ?? AbortSignal.abort(this.#notHeld());
  }

  /**
   * The fencing token of this hold, which is greater than those of all holders of this name before, also across
   * crashes and failovers. A resource that remembers the greatest one it has seen, and refuses smaller ones, cannot be
   * damaged by a holder that has lost its lock and does not know it yet.
   *
   * Asked of the server at the first call of a hold, which waits for its answer: a write to its log on disk.
   *
   * @throws LockLost if the lock is lost, LockFileException if it is not held, the driver's error, RangeError beyond
   *   what a bigint of PostgreSQL holds.
   */
  async token(): Promise<bigint> {
    if (this.#hold === null) throw this.#notHeld();
    return this.#tokenOf(this.#hold);
  }

  /**
   * Takes the lock of the file, and then the lock of the cluster. Waits if the options, the constructor of the file or
   * its kind say so; the timeout is for both together. A wait keeps the process alive; a held lock does not.
   *
   * @returns `true` once this object holds the lock, at once if it does already; with `raiseIfFail: false`, `false` if
   *   it is busy or the time is over.
   * @throws what {@link LockFile.acquire} throws; LockFileBusy and LockFileTimeout also if another host holds it;
   *   LockServerUnsuitable; the driver's own error if the server cannot be reached, with `path`; LockLost if this
   *   object has lost the lock and not yet released it; RangeError beyond 1,000 locks.
   */
  async acquire(options: AcquireOptions = {}): Promise<boolean> {
    const terms = this.#resolve("acquire()", options);
    const start = performance.now();
    const got = await this.#acquire(terms);
    if (typeof got === "object") return true;
    if (terms.raiseIfFail) throw await this.#failure(got, terms, start);
    return false;
  }

  /**
   * Acquires, runs `fn`, and releases, whatever happens. If it resolves, nobody else held the lock from start to end:
   * the server has confirmed it.
   *
   * Calls on one object exclude each other as calls on two objects do. Between an {@link acquire} and a
   * {@link release} of the same object, `fn` runs under that hold, which stays.
   *
   * @param fn Gets the hold. It must end when `signal` aborts.
   * @returns what `fn` returns. Waits for `fn`, and for the server.
   * @throws what `fn` throws, and what {@link acquire} throws; LockLost if the lock was lost meanwhile.
   */
  async withLock<T>(
    fn: (hold: Hold) => T | PromiseLike<T>,
    options: AcquireOptions = {},
  ): Promise<T> {
    checkFunction("withLock()", fn);
    const terms = this.#resolve("withLock()", options);
    terms.signal?.throwIfAborted();
    const start = performance.now();
    const patience = patienceOf(terms);
    this.#pending.add(patience);
    const leave = await this.#lines.enter("inside", patience, terms.timeout > 0);
    this.#pending.delete(patience);
    const isReleased = patience.over && patience.left > 0;
    patience.stop();
    try {
      terms.signal?.throwIfAborted();
      const timeout =
        terms.timeout === 0 ? 0 : Math.max(1, start + terms.timeout - performance.now());
      const missed = isReleased ? "released" : "late";
      const got = leave === null ? missed : await this.#acquire({ ...terms, timeout });
      if (typeof got === "object") return await this.#runUnder(got, fn);
      const error = await this.#failure(got, terms, start);
      if (terms.raiseIfFail) throw error;
      const token = (): Promise<bigint> => Promise.reject(error);
      return await fn({ held: false, signal: AbortSignal.abort(error), token });
    } finally {
      leave?.();
    }
  }

  /**
   * Releases the lock of the cluster, and then that of the file. Waits for the server to confirm that the lock was
   * held until now. Acquires of this object that wait end, with LockReleased; if it does not hold the lock, that is all.
   *
   * @throws LockLost if it was lost, or the server cannot be asked. It is released all the same.
   */
  async release(): Promise<void> {
    for (const patience of [...this.#pending]) patience.stop();
    if (!this.file.held) this.file.release();
    await this.#release();
  }

  /**
   * Who holds the lock among all hosts. Waits for the server, and up to half a second for the holder to say since
   * when. By the time you use it, the state may have changed.
   *
   * @returns null if nobody holds it at the server; who holds the file alone, such as Barman, is told by
   *   `file.getOwnerPid()`.
   * @throws LockFileParsingError if the session that holds it is not of this library; LockServerUnsuitable; the driver's
   *   own error if the server cannot be reached.
   */
  async getOwner(): Promise<ClusterOwner | null> {
    const { file } = this;
    if (this.held) {
      return { host: hostname(), pid: process.pid, since: this.#hold?.since ?? null };
    }
    try {
      const owner = await this.#member.findOwner(file);
      if (owner === null) return null;
      if (owner.process !== null) {
        return { ...owner.process, since: await this.#member.sinceWhen(file) };
      }
      throw new LockFileParsingError(
        `${file} is held by ${describeOwner(owner)}: it is not a session of this library. Find it in pg_stat_activity.`,
        file.filename,
      );
    } catch (error) {
      throw explainTrouble(file, this.#member.server.name, error);
    }
  }

  /** Releases, at the end of an `await using` block, and waits for it. @throws LockLost if the lock was lost. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** Kind and parameters, as messages name a lock. */
  toString(): string {
    return String(this.file);
  }

  async #runUnder<T>({ hold, taken }: Taken, fn: (hold: Hold) => T | PromiseLike<T>): Promise<T> {
    let outcome: { readonly value: T } | { readonly error: unknown };
    try {
      const token = (): Promise<bigint> => this.#tokenOf(hold);
      outcome = { value: await fn({ held: true, signal: hold.signal, token }) };
    } catch (error) {
      outcome = { error };
    }
    try {
      if (!this.file.isCurrent()) throw lostLock(this.file, { how: "replaced" });
      if (!taken) await hold.confirm();
      if (hold.lost) throw hold.lost;
    } catch (error) {
      // An error of its own tells more than that the lock was lost, unless it only passes the abort on.
      if ("value" in outcome || isAbort(outcome.error)) outcome = { error };
    }
    try {
      if (taken && this.#hold === hold) await this.#release();
    } catch (error) {
      if ("value" in outcome || isAbort(outcome.error)) outcome = { error };
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  /** The hold, and whether this acquire got it; or why there is none. */
  async #acquire(terms: Terms): Promise<Taken | Missed> {
    const { signal } = terms;
    signal?.throwIfAborted();
    const waits = terms.timeout > 0;
    const patience = patienceOf(terms);
    let leave: (() => void) | null = null;
    this.#pending.add(patience);
    if (waits) this.#waiting++;
    try {
      if (this.#hold === null) {
        // Without waiting, but not without what another acquire of this object is just about to get.
        leave = await this.#lines.enter("turn", patience, waits || this.#waiting === 0);
      }
      if (this.#hold?.lost) throw this.#hold.lost;
      if (this.#hold !== null) return { hold: this.#hold, taken: false };
      const hold = leave && (await this.#takeBoth(terms, patience));
      if (hold !== null) {
        this.#hold = hold;
        if (!signal?.aborted) return { hold, taken: true };
        this.#release().catch(() => {});
      }
      signal?.throwIfAborted();
      return patience.over && patience.left > 0 ? "released" : "late";
    } finally {
      leave?.();
      this.#pending.delete(patience);
      if (waits) this.#waiting--;
      patience.stop();
    }
  }

  #resolve(method: string, options: AcquireOptions): Terms {
    const terms = termsOf(this.file, method, options);
    if (terms.mode === "exclusive") return terms;
    throw Object.assign(
      new TypeError(
        `${this.file} is to be shared by ${method}, and a lock of many hosts is exclusive: share it on one host only, ` +
          "as the LockFile that it is",
      ),
      { code: "ERR_INVALID_ARG_VALUE" },
    );
  }

  async #takeBoth(terms: Terms, patience: Patience): Promise<Held | null> {
    const { file } = this;
    const { raiseIfFail, updatePid, signal, onWait } = terms;
    const waits = terms.timeout > 0;
    const timeout = waits ? Math.max(1, patience.left) : 0;
    this.#ownsFile = !file.held;
    const got = await file.acquire({
      raiseIfFail,
      updatePid,
      signal,
      onWait,
      wait: waits,
      timeout,
    });
    if (!got) return null;
    let hold: Held | null = null;
    try {
      hold = await this.#member.take(file, waits, patience);
      return hold;
    } catch (error) {
      throw explainTrouble(file, this.#member.server.name, error);
    } finally {
      if (hold === null && this.#ownsFile) file.release();
    }
  }

  async #release(): Promise<void> {
    const hold = this.#hold;
    if (hold === null) return;
    this.#hold = null;
    const turn = this.#lines.enter("turn", FOR_EVER);
    try {
      await this.#member.release(hold);
    } finally {
      if (this.#ownsFile) this.file.release();
      (await turn)?.();
    }
  }

  #tokenOf(hold: Held): Promise<bigint> {
    return hold.token().catch((error: unknown) => {
      throw explainTrouble(this.file, this.#member.server.name, error);
    });
  }

  /** The error for an acquire that got nothing. */
  async #failure(missed: Missed, { timeout, raiseIfFail }: Terms, start: number): Promise<unknown> {
    const { file } = this;
    if (missed === "released") return explainFailure(file, { reason: "released" });
    const waited = performance.now() - start;
    const owner = raiseIfFail ? await this.#describeOwner() : "another contender";
    if (timeout === 0) {
      const advice =
        "Try again later, or acquire with { wait: true } or { timeout: ms } to wait for it.";
      const message = `${file} is busy: it is held at ${this.#member.server.name} by ${owner}. ${advice}`;
      return new LockFileBusy(message, file.filename);
    }
    const message =
      `${file} is still busy after ${Math.round(waited)} ms: it is held at ${this.#member.server.name} by ${owner}. ` +
      "See whether that process makes progress, or wait longer.";
    return new LockFileTimeout(message, file.filename);
  }

  /** Who is in the way. A server that does not answer must not keep the caller waiting for the error. */
  async #describeOwner(): Promise<string> {
    const looking = this.#member.findOwner(this.file).then(describeOwner);
    const patience = new Patience(OWNER_MS);
    try {
      const owner = await race(patience, looking);
      return owner === OVER ? UNKNOWN : owner;
    } catch {
      return UNKNOWN;
    } finally {
      patience.stop();
    }
  }

  #notHeld(): LockFileException {
    return new LockFileException(`${this.file} is not held by this object.`, this.file.filename);
  }
}

/** A hold, and whether the acquire that came to it took it. */
interface Taken {
  readonly hold: Held;
  readonly taken: boolean;
}

/** Why an acquire has no hold: the lock was busy for as long as it could wait, or the object was released. */
type Missed = "late" | "released";

/** A single try has no limit of its own: each of its steps has. */
function patienceOf({ timeout, signal }: Terms): Patience {
  return new Patience(timeout === 0 ? Number.POSITIVE_INFINITY : timeout, signal);
}

function isAbort(error: unknown): boolean {
  return error instanceof LockLost || nameOf(error) === "AbortError";
}

const FOR_EVER = new Patience(Number.POSITIVE_INFINITY);
const UNKNOWN = "a session that the server did not name in time";

/** How long (ms) an error may take to find out who is in the way. */
const OWNER_MS = 500;
