import { tellAcquired, tellReleased, tellWait } from "./channels.js";
import { drop, type Hold } from "./lock/held.js";
import { tryTake } from "./lock/take.js";
import type { Resolved } from "./options.js";
import { visible } from "./text.js";
import { Patience } from "./wait/patience.js";
import { hasLine } from "./wait/thread-queue.js";
import { waitToTake, waitToTakeSync } from "./wait/wait.js";

/** A lock object, seen from below. */
interface Owner {
  readonly kind: string;
  readonly filename: string;
}

/**
 * What a lock object owns of the system: its hold, and its waits for one. It is apart from the object,
 * so that the hold of an object that nobody refers to any more can be given back.
 */
export class Acquisition {
  #hold: Hold | null = null;
  /** Of the object; empty before its first hold. */
  #kind = "";
  /** When (ms, monotonic) the lock was taken, if anyone is to be told how long it was held. */
  #since: number | null = null;
  readonly #waits = new Set<Patience>();

  get held(): boolean {
    return this.#hold !== null;
  }

  /** Takes the lock if it is free. With `inTurn`, not ahead of contenders of this thread that stand in line. */
  take(owner: Owner, terms: Resolved, inTurn: boolean): boolean {
    if (inTurn && hasLine(owner.filename)) return false;
    const hold = tryTake(owner.filename, terms);
    return hold !== null && this.#adopt(owner, hold);
  }

  /**
   * Waits for the lock.
   *
   * @returns "taken" where this wait got it, "held" where another acquire of the same object did, false
   *   where the time is over.
   * @throws `signal.reason` where it aborts, also at the very moment of the grant.
   */
  async wait(
    owner: Owner,
    terms: Resolved,
    signal: AbortSignal | undefined,
  ): Promise<"taken" | "held" | false> {
    const start = performance.now();
    tellWait(owner, terms.timeout);
    for (;;) {
      const patience = new Patience(start + terms.timeout - performance.now(), signal);
      let served = false;
      this.#waits.add(patience);
      try {
        const hold = await waitToTake(owner.filename, terms, patience);
        if (hold !== null && (signal?.aborted || this.held)) drop(hold);
        else if (hold !== null) return this.#adopt(owner, hold, start) && "taken";
      } finally {
        served = !this.#waits.delete(patience);
        patience.stop();
      }
      signal?.throwIfAborted();
      if (this.held) return "held";
      if (!served) return false;
      // Another acquire of this object had the lock, and has released it already.
    }
  }

  /** Waits for the lock, and stops this thread. @returns false where the time is over. */
  waitSync(owner: Owner, terms: Resolved): boolean | "deadlock" {
    const start = performance.now();
    tellWait(owner, terms.timeout);
    const hold = waitToTakeSync(owner.filename, terms, terms.timeout);
    if (hold === null || hold === "deadlock") return hold ?? false;
    return this.#adopt(owner, hold, start);
  }

  /** Gives the lock back, if it is held. */
  giveBack(): void {
    if (this.#hold === null) return;
    const hold = this.#hold;
    this.#hold = null;
    drop(hold);
    tellReleased(this.#kind, hold.file.path, this.#since);
  }

  /** The object is collected: gives its lock back, and tells its author of the mistake. */
  forget(): void {
    if (this.#hold === null) return;
    process.emitWarning(
      `${this.#kind} ${visible(this.#hold.file.path)} was forgotten while it held its lock, which is given back: ` +
        "keep a reference to a lock object until its release",
      { code: "LOCK_FORGOTTEN" },
    );
    this.giveBack();
  }

  #adopt(owner: Owner, hold: Hold, start?: number): true {
    if (this.#kind === "") {
      forgotten.register(owner, this);
      this.#kind = owner.kind;
    }
    this.#hold = hold;
    if (this.#waits.size > 0) this.#endWaits();
    this.#since = tellAcquired(owner, start);
    return true;
  }

  /** Other acquires of this very object have what they wait for. */
  #endWaits(): void {
    for (const patience of this.#waits) patience.stop();
    this.#waits.clear();
  }
}

/** Objects that may be collected while they hold. */
const forgotten = new FinalizationRegistry<Acquisition>((ownership) => ownership.forget());
