import type { Patience } from "./patience.js";

/** Contenders for one thing, first in, first out; each stays until it leaves. */
export class Line<K> {
  /** A set keeps the order of arrival, and those who give up leave it from the middle at no cost. */
  readonly #lines = new Map<K, Set<Place>>();

  /** Whether somebody is in line for `key`. */
  has(key: K): boolean {
    return this.#lines.has(key);
  }

  /** How many are in line before the contender of this patience. */
  before(key: K, patience: Patience): number {
    const places = [...(this.#lines.get(key) ?? [])];
    return Math.max(
      0,
      places.findIndex((place) => place.patience === patience),
    );
  }

  /**
   * Waits until those before have left.
   *
   * @param waits Whether it stands in line at all if somebody is there.
   * @returns what leaves the line; null if it did not wait, or patience ended first.
   */
  async enter(key: K, patience: Patience, waits = true): Promise<(() => void) | null> {
    const line = this.#lines.get(key) ?? new Set();
    if (line.size > 0 && !waits) return null;
    this.#lines.set(key, line);
    const place: Place = { patience, comeToFront: null };
    const leave = (): void => {
      const wasFront = frontOf(line) === place;
      if (!line.delete(place)) return;
      if (line.size === 0) this.#lines.delete(key);
      else if (wasFront) frontOf(line)?.comeToFront?.();
    };
    line.add(place);
    if (frontOf(line) === place) return leave;
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
  comeToFront: (() => void) | null;
}

function frontOf(line: Set<Place>): Place | undefined {
  return line.values().next().value;
}
