import type { Patience } from "./patience.js";

/** Whether contenders of this thread already stand in line for `path`. */
export function hasLine(path: string): boolean {
  return lines.has(path);
}

/**
 * Stands in line for `path` behind the other contenders of this thread, first in, first out, and runs
 * `contend` at the front. Only the front contends with other processes, so that a thousand contenders
 * here cost no more descriptors, helpers and attempts than one.
 *
 * @returns what `contend` returns, or null where patience ended in the line.
 */
export async function inLine<T>(
  path: string,
  patience: Patience,
  contend: () => Promise<T | null>,
): Promise<T | null> {
  const line = lines.get(path) ?? new Set();
  lines.set(path, line);
  const place: Place = { comeToFront: null };
  line.add(place);
  try {
    if (front(line) !== place) {
      await patience.step((done) => {
        place.comeToFront = done;
        return () => {
          place.comeToFront = null;
        };
      });
    }
    return patience.over ? null : await contend();
  } finally {
    line.delete(place);
    if (line.size === 0) lines.delete(path);
    else front(line)?.comeToFront?.();
  }
}

interface Place {
  comeToFront: (() => void) | null;
}

/** A set keeps the order of arrival, and those who give up leave it from the middle at no cost. */
type Line = Set<Place>;

const lines = new Map<string, Line>();

function front(line: Line): Place | undefined {
  return line.values().next().value;
}
