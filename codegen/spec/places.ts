import type { Place } from "../model.js";

/** Where a key and its value are. For an item of a list, both are the item. */
interface Entry {
  readonly key: Place;
  readonly value: Place;
}

/**
 * Where the parts of a spec are in its text, by their path from the root (`["locks", "A",
 * "wait"]`).
 */
export class Places {
  readonly #text: string;
  readonly #entries = new Map<string, Entry>();

  constructor(text: string) {
    this.#text = text;
  }

  set(path: readonly string[], entry: Entry): void {
    this.#entries.set(JSON.stringify(path), entry);
  }

  /** Whether the text has something at `path`. */
  has(path: readonly string[]): boolean {
    return this.#entries.has(JSON.stringify(path));
  }

  /** The key at `path`, or the nearest key above it that the text has. */
  key(path: readonly string[]): Place {
    return this.#nearest(path)?.key ?? { start: 0, end: 0 };
  }

  /** The value at `path`, or the nearest key above it that the text has. */
  value(path: readonly string[]): Place {
    const entry = this.#entries.get(JSON.stringify(path));
    return entry?.value ?? this.key(path);
  }

  /** What stands in the text at `path`, with its quotes. */
  textOf(path: readonly string[]): string {
    const { start, end } = this.value(path);
    return this.#text.slice(start, end);
  }

  /**
   * The part of a string value from code unit `from` to `to`. If escapes or line breaks make the
   * text differ from the value, it is the whole value.
   */
  within(path: readonly string[], value: string, from: number, to: number): Place {
    const whole = this.value(path);
    const text = this.#text.slice(whole.start, whole.end);
    const shift = text === value ? 0 : text.slice(1, -1) === value ? 1 : null;
    if (shift === null) return whole;
    const start = whole.start + shift + from;
    return { start, end: Math.max(start + 1, whole.start + shift + to) };
  }

  #nearest(path: readonly string[]): Entry | null {
    for (let length = path.length; length > 0; length--) {
      const entry = this.#entries.get(JSON.stringify(path.slice(0, length)));
      if (entry !== undefined) return entry;
    }
    return null;
  }
}
