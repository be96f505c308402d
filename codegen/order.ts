import { defined } from "./defined.js";
import type { CatalogueSpec, Kind, Proof } from "./model.js";

/** The order of code units: the same on every machine, whatever its locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The kinds as a catalogue lists them: in reading order, and behind them those whose names are not read back, whose
 * place means nothing.
 */
export function kindsInOrder(spec: CatalogueSpec, { readingOrder }: Proof): Kind[] {
  const kinds = new Map(spec.kinds.map((kind) => [kind.name, kind]));
  const readable = new Set(readingOrder);
  const unread = [...kinds.keys()].filter((name) => !readable.has(name));
  return [...readingOrder, ...unread.toSorted(byCodeUnit)].map((name) => defined(kinds.get(name)));
}

/**
 * The circles of a graph that says what comes before what: none if and only if everything fits into one order.
 * No two circles have a name in common, so that each can be reported by itself; in each, every name comes
 * before the next and the last before the first.
 *
 * The time is linear in the size of the graph, except for circles that touch one another.
 */
export function circlesOf(graph: ReadonlyMap<string, Iterable<string>>): string[][] {
  const circles: string[][] = [];
  const reported = new Set<string>();
  const done = new Set<string>();
  for (const start of graph.keys()) {
    if (done.has(start)) continue;
    // An explicit stack, since a chain may be as long as the catalogue.
    const trail = [{ name: start, next: nextOf(graph, start) }];
    const onTrail = new Set([start]);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const { done: isLast = false, value: next = "" } = top.next.next();
      if (isLast) {
        done.add(top.name);
        onTrail.delete(top.name);
        trail.pop();
      } else if (onTrail.has(next)) {
        if (reported.has(next) || reported.has(top.name)) continue;
        const names = trail.map(({ name }) => name);
        const round = names.slice(names.indexOf(next));
        if (round.some((name) => reported.has(name))) continue;
        const circle = shortened(round, graph);
        for (const name of circle) reported.add(name);
        circles.push(circle);
      } else if (!done.has(next)) {
        trail.push({ name: next, next: nextOf(graph, next) });
        onTrail.add(next);
      }
    }
  }
  return circles;
}

/**
 * How many names stand before each in the longest chain that leads to it, of a graph without circles. A name that is
 * added elsewhere changes none of them.
 */
export function ranksOf(
  graph: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const waits = new Map(Array.from(graph.keys(), (name) => [name, 0]));
  for (const next of [...graph.values()].flat()) waits.set(next, (waits.get(next) ?? 0) + 1);
  const ranks = new Map<string, number>();
  let level = [...waits.keys()].filter((name) => waits.get(name) === 0);
  for (let rank = 0; level.length > 0; rank++) {
    const following: string[] = [];
    for (const name of level) {
      ranks.set(name, rank);
      for (const next of graph.get(name) ?? []) {
        const left = defined(waits.get(next)) - 1;
        waits.set(next, left);
        if (left === 0) following.push(next);
      }
    }
    level = following;
  }
  return ranks;
}

function nextOf(graph: ReadonlyMap<string, Iterable<string>>, name: string): Iterator<string> {
  return (graph.get(name) ?? [])[Symbol.iterator]();
}

/** The shortest circle through the first name of a circle that stays among its names. */
function shortened(
  circle: readonly string[],
  graph: ReadonlyMap<string, Iterable<string>>,
): string[] {
  const start = defined(circle[0]);
  const among = new Set(circle);
  const before = new Map<string, string>();
  const queue = [start];
  for (const name of queue) {
    for (const next of graph.get(name) ?? []) {
      if (next === start) {
        const round = [name];
        for (let at = before.get(name); at !== undefined; at = before.get(at)) round.unshift(at);
        return round;
      }
      if (!among.has(next) || before.has(next)) continue;
      before.set(next, name);
      queue.push(next);
    }
  }
  return [...circle];
}
