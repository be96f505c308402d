import type { Language } from "../automata/languages.js";
import { defined } from "../defined.js";

/** Which end of the names a walk starts from. */
export type Direction = "forwards" | "backwards";

/**
 * Walks all languages at once and collects the pairs that share a word, as indexes `low * count + high`. What
 * is walked is the one deterministic automaton of them all: kinds whose names differ part ways at the first
 * character that tells them apart, so that a catalogue is walked like the tree of its words.
 *
 * The walk minds no length, so that it may name pairs whose common words are longer than a file name; it
 * leaves no pair out. Where a catalogue is no such tree (from this end) and the walk would take more than
 * `budget` steps, the answer is `null`.
 */
export function pairsThatMeet(
  languages: readonly Language[],
  direction: Direction,
  budget: number,
): ReadonlySet<number> | null {
  const { symbols, owner, next, last, first } = graphOf(languages, direction);
  const met = new Set<number>();
  const seen = new Set([first.join()]);
  const queue: (readonly number[])[] = [first];
  let steps = 0;
  for (const set of queue) {
    if (isSettled(set, owner, met, languages.length)) continue;
    for (const taken of bySymbol(set, symbols)) {
      steps += taken.length;
      if (steps > budget) return null;
      const ended = new Set<number>();
      const onwards = new Set<number>();
      for (const position of taken) {
        if (defined(last[position])) ended.add(defined(owner[position]));
        for (const to of defined(next[position])) onwards.add(to);
      }
      addPairs(met, ended, languages.length);
      const further = [...onwards].sort((a, b) => a - b);
      const key = further.join();
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(further);
    }
  }
  return met;
}

/** Whether the kinds that a set of positions belongs to are known to meet, all of them, or are but one. */
function isSettled(
  set: readonly number[],
  owner: readonly number[],
  met: ReadonlySet<number>,
  count: number,
): boolean {
  const owners = new Set<number>();
  for (const position of set) {
    owners.add(defined(owner[position]));
    if (owners.size > MOST_OWNERS) return false;
  }
  const list = [...owners].sort((a, b) => a - b);
  return list.every((low, at) => list.slice(at + 1).every((high) => met.has(low * count + high)));
}

/** Sets of more kinds than this are walked on without asking; they fall apart soon enough. */
const MOST_OWNERS = 8;

/** All positions of all languages, numbered through, with the edges of one direction. */
interface Graph {
  readonly symbols: readonly (readonly number[])[];
  readonly owner: readonly number[];
  readonly next: readonly (readonly number[])[];
  /** Whether a word can be complete after this position. */
  readonly last: readonly boolean[];
  /** The positions that a word can begin with. */
  readonly first: readonly number[];
}

function graphOf(languages: readonly Language[], direction: Direction): Graph {
  const symbols: (readonly number[])[] = [];
  const owner: number[] = [];
  const next: number[][] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  languages.forEach(({ states }, index) => {
    const offset = symbols.length;
    for (const state of states) {
      const at = symbols.push(state.symbols) - 1;
      owner.push(index);
      next.push(state.next.map(({ to }) => offset + to));
      if (state.ends > 0) ends.push(at);
    }
    // The state before the first character takes none, so that the walk begins behind it.
    starts.push(...defined(next[offset]));
    next[offset] = [];
  });
  const [first, final, edges] =
    direction === "forwards" ? [starts, ends, next] : [ends, starts, reversed(next)];
  const last = new Array<boolean>(symbols.length).fill(false);
  for (const position of final) last[position] = true;
  return { symbols, owner, next: edges, last, first };
}

function reversed(next: readonly (readonly number[])[]): number[][] {
  const before: number[][] = next.map(() => []);
  next.forEach((list, from) => {
    for (const to of list) defined(before[to]).push(from);
  });
  return before;
}

/** The positions of a set that take one symbol, once for all symbols that the same positions take. */
function bySymbol(
  set: readonly number[],
  symbols: readonly (readonly number[])[],
): Iterable<readonly number[]> {
  const takers = new Map<readonly number[], number[]>();
  for (const position of set) {
    const list = defined(symbols[position]);
    const known = takers.get(list);
    if (known === undefined) takers.set(list, [position]);
    else known.push(position);
  }
  const groups = new Map<number, number[]>();
  let index = 0;
  const lists = [...takers.values()];
  for (const list of takers.keys()) {
    for (const symbol of list) {
      const group = groups.get(symbol);
      if (group === undefined) groups.set(symbol, [index]);
      else group.push(index);
    }
    index++;
  }
  const distinct = new Map(Array.from(groups.values(), (group) => [group.join(), group]));
  return Array.from(distinct.values(), (group) => group.flatMap((at) => defined(lists[at])));
}

function addPairs(met: Set<number>, ended: ReadonlySet<number>, count: number): void {
  if (ended.size < 2) return;
  const list = [...ended].sort((a, b) => a - b);
  list.forEach((low, at) => {
    for (const high of list.slice(at + 1)) met.add(low * count + high);
  });
}
