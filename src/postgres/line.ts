import type { Patience } from "../wait/patience.js";
import { OVER, race } from "./race.js";

/** Contenders for one thing, first in, first out; each stays until it leaves. */
export class Line<K> {
  readonly #lines = new Map<K, (() => void)[]>();

  /**
   * Waits until those before have left.
   *
   * @param waits Whether it stands in line at all if somebody is there.
   * @returns what leaves the line; null if it did not wait, or patience ended first.
   */
  async enter(key: K, waits: boolean, patience: Patience): Promise<(() => void) | null> {
    const line = this.#lines.get(key) ?? [];
    if (line.length > 0 && !waits) return null;
    this.#lines.set(key, line);
    let proceed = (): void => {};
    const turn = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    line.push(proceed);
    const leave = (): void => {
      const place = line.indexOf(proceed);
      if (place === -1) return;
      line.splice(place, 1);
      if (line.length === 0) this.#lines.delete(key);
      else if (place === 0) line[0]?.();
    };
    if (line.length === 1 || (await race(patience, turn)) !== OVER) return leave;
    leave();
    return null;
  }
}
