import type { Patience } from "./patience.js";

/** Contenders for one thing, first in, first out; each stays until it leaves. */
export class Line<K> {
  readonly #lines = new Map<K, Places>();

  /** Whether somebody is in line for `key`. */
  has(key: K): boolean {
    return this.#lines.has(key);
  }

  /** How many are in line before the contender of this patience. */
  before(key: K, patience: Patience): number {
    let count = 0;
    for (let place = this.#lines.get(key)?.front ?? null; place !== null; place = place.after) {
      if (place.patience === patience) return count;
      count++;
    }
    return 0;
  }

  /**
   * Waits until those before have left.
   *
   * @param waits Whether it stands in line at all if somebody is there.
   * @returns what leaves the line; null if it did not wait, or patience ended first.
   */
  async enter(key: K, patience: Patience, waits = true): Promise<(() => void) | null> {
    const line = this.#lines.get(key) ?? new Places();
    if (line.front !== null && !waits) return null;
    this.#lines.set(key, line);
    const place = line.add(patience);
    const leave = (): void => {
      if (!place.isInLine) return;
      line.remove(place);
      if (line.front === null) this.#lines.delete(key);
    };
    if (line.front === place) return leave;
    await patience.step((done) => {
      place.comeToFront = done;
      return () => {
        place.comeToFront = null;
      };
    });
    if (!patience.over) return leave;
    leave();
    return null;
  }
}

interface Place {
  readonly patience: Patience;
  before: Place | null;
  after: Place | null;
  comeToFront: (() => void) | null;
  isInLine: boolean;
}

/**
 * A linked list: whoever gives up leaves from the middle at no cost. A Set would have its first entry found again behind
 * all that were deleted: if 10,000 waits end at once, that alone takes 25 ms.
 */
class Places {
  front: Place | null = null;
  #back: Place | null = null;

  add(patience: Patience): Place {
    const before = this.#back;
    const place: Place = { patience, before, after: null, comeToFront: null, isInLine: true };
    if (before === null) this.front = place;
    else before.after = place;
    this.#back = place;
    return place;
  }

  remove(place: Place): void {
    const { before, after } = place;
    place.isInLine = false;
    if (before === null) this.front = after;
    else before.after = after;
    if (after === null) this.#back = before;
    else after.before = before;
    if (before === null) after?.comeToFront?.();
  }
}
