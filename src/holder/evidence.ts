/** What one look at a held lock tells. */
export interface Look {
  /** What the stamp says; null where it is blank or garbled. */
  readonly pid: number | null;
  /** The process that took the lock, by the kernel's table; null where that does not list it. */
  readonly listed: number | null;
  /** The listed process, if it still has the file open. */
  readonly taker: number | null;
  /** Whether stamp and table agree, so that no waiting can make it better. */
  readonly certain: boolean;
}

/**
 * Looks at one held lock, one after the other. What a look tells is put together from the file, the kernel's
 * table and the processes, at different moments: where the lock changed hands in between, it names somebody who
 * had it before. So one that is not certain is believed when the next ones say the same.
 */
export class Evidence {
  #added = 0;
  #last: Look | null = null;
  /** How often in a row the last one has been seen. */
  #seen = 0;
  /** The last one that was seen often enough. */
  #steady: Look | null = null;
  /** The last one with a process that took the lock and had the file open, so that it held it a moment ago. */
  #taken: Look | null = null;

  /**
   * @param late Whether there is no more time to look.
   * @returns what to believe: one that knows nobody, where the lock changes hands all the time. Null where it takes
   *   another look.
   */
  conclude(look: Look, late: boolean): Look | null {
    if (look.certain) return look;
    this.#add(look);
    if (!late || this.#added < TO_BELIEVE) return null;
    return this.#steady ?? this.#taken ?? NOBODY;
  }

  #add(look: Look): void {
    this.#added++;
    if (look.listed === null) {
      // The table lists this file: the lock was given back before the table was read.
      if (this.#last !== null && this.#last.listed !== null) return;
    } else if (this.#last?.listed === null) this.#steady = null;
    this.#seen = this.#last !== null && isSame(look, this.#last) ? this.#seen + 1 : 1;
    this.#last = look;
    if (this.#seen >= TO_BELIEVE) this.#steady = look;
    if (look.taker !== null) this.#taken = look;
  }
}

const TO_BELIEVE = 3;

const NOBODY: Look = { pid: null, listed: null, taker: null, certain: false };

function isSame(a: Look, b: Look): boolean {
  return a.pid === b.pid && a.listed === b.listed && a.taker === b.taker;
}
