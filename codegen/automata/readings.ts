import { defined } from "../defined.js";
import type { Kind } from "../model.js";
import type { Language } from "./languages.js";

/** The values that a name gives the parameters of a kind, in template order. */
export type Reading = ReadonlyMap<string, string>;

/**
 * Every way in which a kind reads a name, one by one. Nothing is explored in vain: each partial reading that
 * is followed can be completed, so that the first two readings are found at once.
 */
export function* readings(kind: Kind, language: Language, name: string): Generator<Reading> {
  const characters = Array.from(name);
  const symbols = language.alphabet.spell(name);
  const usable = statesOnTheWay(language, symbols);
  function* from(
    at: number,
    states: readonly number[],
    tokens: readonly number[],
  ): Generator<Reading> {
    if (at === symbols.length) {
      yield valuesOf(kind, characters, tokens);
      return;
    }
    for (const [token, next] of byToken(language, states, defined(usable[at]))) {
      yield* from(at + 1, next, [...tokens, token]);
    }
  }
  yield* from(0, [0], []);
}

/** Whether a text is a name that the automaton has; its length in bytes is for the caller to check. */
export function accepts(language: Language, name: string): boolean {
  const start = defined(language.states[0]);
  const [first] = statesOnTheWay(language, language.alphabet.spell(name));
  if (first === undefined) return start.ends > 0;
  return start.next.some(({ to }) => first.has(to));
}

/** For each character of a name, the states that can take it and from which the rest can be read. */
function statesOnTheWay(language: Language, symbols: readonly number[]): ReadonlySet<number>[] {
  const usable: ReadonlySet<number>[] = [];
  for (const symbol of symbols.toReversed()) {
    const later = usable[0];
    const here = new Set<number>();
    language.states.forEach((state, index) => {
      const goesOn =
        later === undefined ? state.ends > 0 : state.next.some(({ to }) => later.has(to));
      if (goesOn && state.symbols.includes(symbol)) here.add(index);
    });
    usable.unshift(here);
  }
  return usable;
}

/** The next states, apart by the token of the template that takes the character: those are the readings. */
function byToken(
  language: Language,
  states: readonly number[],
  usable: ReadonlySet<number>,
): (readonly [token: number, next: readonly number[]])[] {
  const groups = new Map<number, Set<number>>();
  for (const state of states) {
    for (const { to } of defined(language.states[state]).next) {
      if (!usable.has(to)) continue;
      const token = defined(language.states[to]).token;
      const group = groups.get(token) ?? new Set();
      groups.set(token, group.add(to));
    }
  }
  return Array.from(groups, ([token, group]) => [token, [...group]] as const).sort(
    ([a], [b]) => a - b,
  );
}

function valuesOf(kind: Kind, characters: readonly string[], tokens: readonly number[]): Reading {
  const values = new Map<string, string>();
  kind.tokens.forEach((token, index) => {
    if (!("parameter" in token)) return;
    values.set(token.parameter, characters.filter((_, at) => tokens[at] === index).join(""));
  });
  return values;
}
