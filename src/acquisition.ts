import {
  tellAcquired,
  tellDeadlock,
  tellFailed,
  tellReleased,
  tellsDeadlocks,
  tellWait,
} from "./channels.js";
import { performance } from "./clock.js";
import { type Hold, type Loss, lossOf } from "./lock/held.js";
import { Sharers } from "./lock/sharers.js";
import { lockUnlessHeld, tryTake } from "./lock/take.js";
import type { LockMode, Terms } from "./options.js";
import { lockShared } from "./system/flock.js";
import { closeQuietly, openToInspect } from "./system/open-file.js";
import { type LockTable, readLockTable, readLockTableSync } from "./system/proc-locks.js";
import { Patience } from "./wait/patience.js";
import { queuedBefore, releaseAndHandOver } from "./wait/thread-queue.js";
import { waitToTake, waitToTakeSync } from "./wait/wait.js";
import { WaitReport } from "./wait/wait-report.js";

/** A lock object, seen from below. */
interface Owner {
  readonly kind: string;
  readonly filename: string;
}

/** How a lock object came to hold its lock: by the acquire that says so, or before it. False if it does not hold it. */
export type Got = "taken" | "held" | false;

/** How a wait ended: this acquire took the lock, another one of the object did, or neither. */
export type WaitOutcome = "taken" | "held" | "late" | "released";

/** What a lock object has of the system: its hold, and its waits for one. */
export class Acquisition {
  readonly #owner: Owner;
  #hold: Hold | null = null;
  /** The acquire that took it. */
  #id = 0;
  /** When (ms, monotonic) the lock was taken, if anyone is to be told how long it was held. */
  #since: number | null = null;
  readonly #waits = new Map<Patience, WaitOutcome | null>();

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  get held(): boolean {
    return this.#hold !== null;
  }

  /** How the lock is held; null if it is not. */
  get mode(): LockMode | null {
    return this.#hold?.mode ?? null;
  }

  /** What the channels know the acquire by that took the lock. */
  get id(): number {
    return this.#id;
  }

  /** How the lock that is held was lost, if it was. */
  get loss(): Loss | null {
    return this.#hold === null ? null : lossOf(this.#hold);
  }

  /** Takes the lock if it is free, without waiting. @returns "shared" if it is inspected, or held by who shares it. */
  take(terms: Terms): boolean | "shared" {
    let locked: boolean | "shared" = false;
    const hold = tryTake(this.#owner.filename, terms, (fd) => {
      locked = terms.mode === "shared" ? lockShared(fd) : lockUnlessHeld(fd);
      return locked === true;
    });
    if (hold === null) return locked;
    this.#adopt(hold, terms.id);
    return true;
  }

  /** Takes the lock if nobody holds it, however long somebody takes to inspect it. Stops no thread. */
  async takeUnlessShared(terms: Terms): Promise<WaitOutcome> {
    const sharers = new Sharers();
    for (;;) {
      const table = await readLockTable();
      // By another acquire of this object: a `withLock` must not release what is not its own.
      if (this.held) return "held";
      const got = this.take(terms);
      if (got === true) return "taken";
      if (got === false || this.#isShared(sharers, table)) return "late";
    }
  }

  /** The same, but stops this thread. */
  takeUnlessSharedSync(terms: Terms): boolean {
    const sharers = new Sharers();
    for (;;) {
      const got = this.take(terms);
      if (got !== "shared") return got;
      if (this.#isShared(sharers, readLockTableSync())) return false;
    }
  }

  /**
   * Waits for the lock.
   *
   * @param start When (ms, monotonic) the acquire began, from which its timeout counts.
   * @param isAgain Whether this acquire has waited before, and so was told of.
   * @throws `signal.reason` if it aborts, also at the very moment of the grant.
   */
  async wait(terms: Terms, start: number, isAgain: boolean): Promise<WaitOutcome> {
    const { signal } = terms;
    const patience = new Patience(start + terms.timeout - performance.now(), signal);
    this.#waits.set(patience, null);
    try {
      if (!isAgain) tellWait(this.#owner, terms.id, terms.timeout);
      using _report = this.report(terms, this.#owner.filename, patience);
      const hold = await waitToTake(this.#owner.filename, terms, patience);
      const ended = this.#waits.get(patience) ?? null;
      if (hold !== null) {
        if (signal?.aborted || ended !== null || this.held) releaseAndHandOver(hold);
        else {
          this.#waits.delete(patience);
          this.#adopt(hold, terms.id, start);
          return "taken";
        }
      }
      signal?.throwIfAborted();
      return ended ?? (this.held ? "held" : "late");
    } finally {
      this.#waits.delete(patience);
      patience.stop();
    }
  }

  /** Tells the `onWait` of an acquire, and who listens for deadlocks, of what it waits for behind the contenders for `key`. */
  report({ id, onWait }: Terms, key: string | object, patience: Patience): WaitReport | null {
    if (onWait === undefined && !tellsDeadlocks()) return null;
    const { kind, filename } = this.#owner;
    return new WaitReport(
      { kind, path: filename },
      {
        aheadHere: () => queuedBefore(key, patience),
        onWait,
        onCircle: (circle) => tellDeadlock(this.#owner, id, circle),
      },
    );
  }

  /** Waits for the lock, and stops this thread. */
  waitSync(terms: Terms): "taken" | "held" | "late" | "deadlock" {
    const start = performance.now();
    tellWait(this.#owner, terms.id, terms.timeout);
    // A subscriber has made this object acquire.
    if (this.held) return "held";
    const hold = waitToTakeSync(this.#owner.filename, terms, terms.timeout);
    if (hold === "deadlock") return hold;
    if (hold === null) return "late";
    this.#adopt(hold, terms.id, start);
    return "taken";
  }

  /** Releases the lock, if it is held. */
  release(): void {
    const hold = this.#hold;
    if (hold === null) return;
    const id = this.#id;
    const since = this.#since;
    this.#hold = null;
    releaseAndHandOver(hold);
    tellReleased(this.#owner, id, since);
  }

  /** Ends the waits of this object, which has the lock by now or was released. */
  endWaits(outcome: "held" | "released"): void {
    for (const [patience, ended] of this.#waits) {
      if (ended !== null) continue;
      this.#waits.set(patience, outcome);
      patience.stop();
    }
  }

  #isShared(sharers: Sharers, table: LockTable | null): boolean {
    const file = openToInspect(this.#owner.filename);
    if (file === null) return false;
    try {
      return sharers.judge(file.fd, table) === true;
    } finally {
      closeQuietly(file.fd);
    }
  }

  #adopt(hold: Hold, id: number, start?: number): void {
    // Another acquire of this object, to share the lock as this one does, may have been faster.
    if (this.#hold !== null) {
      releaseAndHandOver(hold);
      tellFailed(this.#owner, id, "LOCK_HELD", start ?? 0);
      return;
    }
    this.#hold = hold;
    this.#id = id;
    if (this.#waits.size > 0) this.endWaits("held");
    this.#since = tellAcquired(this.#owner, id, start, hold.granted);
  }
}
