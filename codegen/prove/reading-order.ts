import { byCodeUnit } from "../by-code-unit.js";
import { defined } from "../defined.js";

/** An order in which names can be asked for, and the circles that stand in its way. */
export interface Order {
  readonly order: readonly string[];
  /** Each circle as the kinds on it, every one before the next, the last before the first. */
  readonly circles: readonly (readonly string[])[];
}

/**
 * Puts kinds in order so that every owner comes before the kinds it shares names with. Where nothing says
 * which of two comes first, their names do (by code unit), so that the order of the YAML plays no part.
 */
export function readingOrder(
  names: readonly string[],
  before: readonly (readonly [string, string])[],
): Order {
  const sorted = [...names].sort(byCodeUnit);
  const later = new Map(sorted.map((name) => [name, new Set<string>()]));
  const waits = new Map(sorted.map((name) => [name, 0]));
  for (const [first, second] of before) {
    const set = later.get(first);
    if (set === undefined || !later.has(second) || set.has(second)) continue;
    set.add(second);
    waits.set(second, defined(waits.get(second)) + 1);
  }
  const order: string[] = [];
  const ready = sorted.filter((name) => waits.get(name) === 0);
  for (let name = ready.shift(); name !== undefined; name = ready.shift()) {
    order.push(name);
    for (const next of defined(later.get(name))) {
      const left = defined(waits.get(next)) - 1;
      waits.set(next, left);
      if (left === 0) insert(ready, next);
    }
  }
  const placed = new Set(order);
  const stuck = new Set(sorted.filter((name) => !placed.has(name)));
  return { order: [...order, ...stuck], circles: circlesAmong(stuck, later) };
}

function insert(ready: string[], name: string): void {
  const at = ready.findIndex((other) => byCodeUnit(name, other) < 0);
  ready.splice(at === -1 ? ready.length : at, 0, name);
}

/** The shortest circle through each kind that is on one, no two of them through the same kind. */
function circlesAmong(
  stuck: ReadonlySet<string>,
  later: ReadonlyMap<string, ReadonlySet<string>>,
): string[][] {
  const circles: string[][] = [];
  const shown = new Set<string>();
  for (const start of stuck) {
    if (shown.has(start)) continue;
    const circle = shortestCircle(start, later);
    if (circle === null || circle.some((name) => shown.has(name))) continue;
    circles.push(circle);
    for (const name of circle) shown.add(name);
  }
  return circles;
}

function shortestCircle(
  start: string,
  later: ReadonlyMap<string, ReadonlySet<string>>,
): string[] | null {
  const seen = new Set<string>();
  const queue: (readonly string[])[] = [[start]];
  for (const path of queue) {
    for (const next of [...defined(later.get(defined(path.at(-1))))].sort(byCodeUnit)) {
      if (next === start) return [...path];
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push([...path, next]);
    }
  }
  return null;
}
