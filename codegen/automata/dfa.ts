import { defined } from "../defined.js";
import type { Alphabet } from "./alphabet.js";
import { MOST_CONFIGURATIONS, TooComplex } from "./limits.js";

/** A position of a kind's regex. */
export interface State {
  /** The symbols it takes, ascending: the most readable first. */
  readonly symbols: readonly number[];
  /** The token of the template that it belongs to. */
  readonly token: number;
  readonly next: readonly Edge[];
  /** In how many ways the regex can end here; 0 if it cannot. */
  readonly ends: number;
}

/** A way on from a state; `ways` counts how often a backtracking matcher tries it. */
export interface Edge {
  readonly to: number;
  readonly ways: number;
}

/** The deterministic state that nothing leads out of. */
export const DEAD = 0;
/** The deterministic state before the first character. */
export const START = 1;

/** A deterministic automaton that is made while it is walked (the subset construction, on demand). */
export class Dfa {
  readonly #states: readonly State[];
  readonly #symbols: number;
  /** Symbols that no position of this regex tells apart share a class. */
  readonly #classOf: readonly number[];
  readonly #membersOf: readonly (readonly boolean[])[];
  readonly #numbers = new Map<string, number>([["", DEAD]]);
  readonly #subsets: (readonly number[])[] = [[], [0]];
  readonly #accepts: boolean[];
  readonly #next: number[][] = [[], []];

  constructor(states: readonly State[], alphabet: Alphabet) {
    this.#states = states;
    this.#symbols = alphabet.size;
    this.#accepts = [false, defined(states[0]).ends > 0];
    const { classOf, membersOf } = symbolClasses(states, alphabet.size);
    this.#classOf = classOf;
    this.#membersOf = membersOf;
  }

  /** Where `symbol` leads from a deterministic state. */
  step(from: number, symbol: number): number {
    if (from === DEAD) return DEAD;
    const kind = defined(this.#classOf[symbol]);
    const row = defined(this.#next[from]);
    const known = row[kind];
    if (known !== undefined) return known;
    const to = this.#number(this.#successors(from, kind));
    row[kind] = to;
    return to;
  }

  /** Whether a name may end in a deterministic state. */
  accepts(state: number): boolean {
    return defined(this.#accepts[state]);
  }

  /** Calls `visit` with every symbol of the alphabet that leads somewhere. */
  forEachStep(from: number, visit: (symbol: number, to: number) => void): void {
    for (let symbol = 0; symbol < this.#symbols; symbol++) {
      const to = this.step(from, symbol);
      if (to !== DEAD) visit(symbol, to);
    }
  }

  #successors(from: number, kind: number): number[] {
    const found = new Set<number>();
    for (const state of defined(this.#subsets[from])) {
      for (const { to } of defined(this.#states[state]).next) {
        if (defined(defined(this.#membersOf[to])[kind])) found.add(to);
      }
    }
    return [...found].sort((a, b) => a - b);
  }

  #number(subset: readonly number[]): number {
    const key = subset.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#subsets.length >= MOST_CONFIGURATIONS)
      throw new TooComplex("its automaton is too large");
    const number = this.#subsets.push(subset) - 1;
    this.#numbers.set(key, number);
    this.#next.push([]);
    this.#accepts.push(subset.some((state) => defined(this.#states[state]).ends > 0));
    return number;
  }
}

/** Symbols by what the states of one automaton see of them. */
export interface Classes {
  readonly classOf: readonly number[];
  /** The most readable symbol of each class. */
  readonly representatives: readonly number[];
  /** For each state, whether it takes the symbols of each class. */
  readonly membersOf: readonly (readonly boolean[])[];
}

/** Folds the symbols that no state tells apart into classes. */
export function symbolClasses(states: readonly State[], symbols: number): Classes {
  const classOf = new Array<number>(symbols).fill(0);
  let count = 1;
  for (const set of new Set(states.map((state) => state.symbols))) {
    // Every class that the set cuts in two gives its members inside the set a new number.
    const inside = new Map<number, number>();
    const sizes = tally(classOf);
    const taken = tally(set.map((symbol) => defined(classOf[symbol])));
    for (const symbol of set) {
      const old = defined(classOf[symbol]);
      if (taken.get(old) === sizes.get(old)) continue;
      const fresh = inside.get(old) ?? count++;
      inside.set(old, fresh);
      classOf[symbol] = fresh;
    }
  }
  const members = new Map<readonly number[], readonly boolean[]>();
  for (const { symbols: set } of states) {
    if (members.has(set)) continue;
    const flags = new Array<boolean>(count).fill(false);
    for (const symbol of set) flags[defined(classOf[symbol])] = true;
    members.set(set, flags);
  }
  const representatives = Array.from({ length: count }, (_, kind) => classOf.indexOf(kind));
  return {
    classOf,
    representatives,
    membersOf: states.map((state) => defined(members.get(state.symbols))),
  };
}

function tally(items: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
