import { defined } from "../defined.js";
import { DEAD, START } from "./dfa.js";
import type { Language } from "./languages.js";
import { firstStep, nameOf, reach } from "./search.js";

/** How two languages share names. */
type Relation = "equal" | "contains" | "within" | "partial";

/** Two languages that share at least one file name. */
export interface Common {
  /** Of the first to the second: it `contains` the second, or lies `within` it. */
  readonly relation: Relation;
  /** The shortest name of both. */
  readonly witness: string;
  /** The shortest name that only the first has, or `null`. */
  readonly onlyFirst: string | null;
  /** The shortest name that only the second has, or `null`. */
  readonly onlySecond: string | null;
}

/** Compares two languages over one alphabet; `null` if no file name is in both. */
export function overlap(first: Language, second: Language): Common | null {
  const witness = commonName(first, second);
  if (witness === null) return null;
  const onlyFirst = nameOutside(first, second);
  const onlySecond = nameOutside(second, first);
  return { relation: relationOf(onlyFirst, onlySecond), witness, onlyFirst, onlySecond };
}

/** The shortest file name that a language has, or `null`. */
export function anyName({ states, alphabet }: Language): string | null {
  const steps = reach(
    0,
    (state, visit) => {
      for (const { to } of defined(states[state]).next) {
        const [symbol] = defined(states[to]).symbols;
        if (symbol !== undefined) visit(symbol, to);
      }
    },
    alphabet,
  );
  const found = firstStep(steps, (state) => defined(states[state]).ends > 0);
  return found === null ? null : nameOf(found, alphabet);
}

/** The shortest file name that both languages have, or `null`. */
export function commonName(first: Language, second: Language): string | null {
  const count = second.states.length;
  const steps = reach(
    0,
    (pair, visit) => {
      const left = defined(first.states[Math.floor(pair / count)]).next;
      const right = defined(second.states[pair % count]).next;
      for (const { to } of left) {
        for (const { to: other } of right) {
          const symbol = firstShared(
            defined(first.states[to]).symbols,
            defined(second.states[other]).symbols,
          );
          if (symbol !== null) visit(symbol, to * count + other);
        }
      }
    },
    first.alphabet,
  );
  const found = firstStep(
    steps,
    (pair) => ends(first, Math.floor(pair / count)) && ends(second, pair % count),
  );
  return found === null ? null : nameOf(found, first.alphabet);
}

/** The shortest file name that `inside` has and none of `outside` has, or `null`: then they cover it. */
export function nameOutside(inside: Language, ...outside: readonly Language[]): string | null {
  return nameWithin([inside], outside);
}

/** The shortest file name that all of `inside` have and none of `outside` has, or `null`. */
export function nameWithin(
  inside: readonly [Language, ...Language[]],
  outside: readonly Language[],
): string | null {
  const [{ dfa, alphabet }, ...others] = inside;
  const tuples = new Numbering();
  const followed = [...others, ...outside];
  const steps = reach(
    tuples.number([START, ...followed.map(() => START)]),
    (tuple, visit) => {
      const [state, ...rest] = tuples.tuple(tuple);
      dfa.forEachStep(defined(state), (symbol, to) => {
        const next = followed.map((language, index) =>
          language.dfa.step(defined(rest[index]), symbol),
        );
        if (next.slice(0, others.length).includes(DEAD)) return;
        visit(symbol, tuples.number([to, ...next]));
      });
    },
    alphabet,
  );
  const found = firstStep(steps, (tuple) => {
    const [state, ...rest] = tuples.tuple(tuple);
    const accepted = followed.map((language, index) => language.dfa.accepts(defined(rest[index])));
    return (
      dfa.accepts(defined(state)) &&
      accepted.every((accepts, index) => accepts === index < others.length)
    );
  });
  return found === null ? null : nameOf(found, alphabet);
}

/** The first symbol of both lists, which are ascending: the most readable that both take. */
export function firstShared(left: readonly number[], right: readonly number[]): number | null {
  let at = 0;
  for (const symbol of left) {
    while ((right[at] ?? symbol) < symbol) at++;
    if (right[at] === symbol) return symbol;
  }
  return null;
}

/** Gives every tuple of states a number, so that a search can tell which it has seen. */
class Numbering {
  readonly #numbers = new Map<string, number>();
  readonly #tuples: (readonly number[])[] = [];

  number(tuple: readonly number[]): number {
    const key = tuple.join();
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const fresh = this.#tuples.push(tuple) - 1;
    this.#numbers.set(key, fresh);
    return fresh;
  }

  tuple(number: number): readonly number[] {
    return defined(this.#tuples[number]);
  }
}

function ends(language: Language, state: number): boolean {
  return defined(language.states[state]).ends > 0;
}

function relationOf(onlyFirst: string | null, onlySecond: string | null): Relation {
  if (onlyFirst === null) return onlySecond === null ? "equal" : "within";
  return onlySecond === null ? "contains" : "partial";
}
