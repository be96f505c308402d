import { drop, type Hold } from "./holds.js";
import { hasLine } from "./line.js";
import type { Resolved } from "./options.js";
import { Patience } from "./patience.js";
import { tryTake } from "./take.js";
import { waitToTake, waitToTakeSync } from "./wait.js";

/** A lock object, seen from below. */
interface Owner {
  readonly filename: string;
}

/**
 * What a lock object owns of the system: its hold, and its waits for one. It is apart from the object,
 * so that the hold of an object that nobody refers to any more can be given back.
 */
export class Ownership {
  #hold: Hold | null = null;
  #watched = false;
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
   * @returns false where the time is over.
   * @throws `signal.reason` where it aborts, also at the very moment of the grant.
   */
  async wait(owner: Owner, terms: Resolved, signal: AbortSignal | undefined): Promise<boolean> {
    const patience = new Patience(terms.timeout, signal);
    let served = false;
    this.#waits.add(patience);
    try {
      const hold = await waitToTake(owner.filename, terms, patience);
      if (hold !== null && (signal?.aborted || this.held)) drop(hold);
      else if (hold !== null) return this.#adopt(owner, hold);
    } finally {
      served = !this.#waits.delete(patience);
      patience.stop();
    }
    signal?.throwIfAborted();
    return served;
  }

  /** Waits for the lock, and stops this thread. @returns false where the time is over. */
  waitSync(owner: Owner, terms: Resolved): boolean | "deadlock" {
    const hold = waitToTakeSync(owner.filename, terms, terms.timeout);
    if (hold === null || hold === "deadlock") return hold ?? false;
    return this.#adopt(owner, hold);
  }

  /** Gives the lock back, if it is held. */
  giveBack(): void {
    if (this.#hold === null) return;
    const hold = this.#hold;
    this.#hold = null;
    drop(hold);
  }

  #adopt(owner: Owner, hold: Hold): true {
    if (!this.#watched) {
      forgotten.register(owner, this);
      this.#watched = true;
    }
    this.#hold = hold;
    if (this.#waits.size > 0) this.#endWaits();
    return true;
  }

  /** Other acquires of this very object have what they wait for. */
  #endWaits(): void {
    for (const patience of this.#waits) patience.stop();
    this.#waits.clear();
  }
}

const forgotten = new FinalizationRegistry<Ownership>((ownership) => ownership.giveBack());
