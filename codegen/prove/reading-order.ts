import { defined } from "../defined.js";
import { byCodeUnit, circlesOf } from "../order.js";

/** An order in which names can be asked for, and the circles that stand in its way. */
export interface Order {
  readonly order: readonly string[];
  /** Each circle as the kinds on it, every one before the next, the last before the first. */
  readonly circles: readonly (readonly string[])[];
}

/**
 * Puts kinds in order so that every owner comes before the kinds it shares names with. If nothing says
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
  const stuck = sorted.filter((name) => !placed.has(name));
  const graph = new Map(
    stuck.map((name) => [name, [...defined(later.get(name))].sort(byCodeUnit)]),
  );
  return { order: [...order, ...stuck], circles: circlesOf(graph) };
}

function insert(ready: string[], name: string): void {
  const at = ready.findIndex((other) => byCodeUnit(name, other) < 0);
  ready.splice(at === -1 ? ready.length : at, 0, name);
}
