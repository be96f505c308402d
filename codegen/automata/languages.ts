import { CharSet } from "refa";
import { ANY_VALUE } from "../../src/name.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind } from "../model.js";
import { type Alphabet, alphabetOf, LAST_CHARACTER, one } from "./alphabet.js";
import { Dfa, type Edge, type State } from "./dfa.js";
import { closure, isSettled } from "./folding.js";
import { EMPTY_WORD, type Fragment, PositionAutomaton } from "./glushkov.js";
import { setsOf } from "./syntax.js";

/** The names of a kind, as an automaton over the alphabet of its catalogue. */
export interface Language {
  readonly alphabet: Alphabet;
  /** State 0 is the start; every other state stands for one position of the regex. */
  readonly states: readonly State[];
  /** The same, made deterministic as far as anyone looks. */
  readonly dfa: Dfa;
}

/** The languages of some catalogues over one alphabet, so that any two of them can be compared. */
export interface Languages {
  readonly alphabet: Alphabet;
  /** The language of a kind of one of the catalogues. */
  of(kind: Kind): Language;
}

/** Reads the templates of one catalogue, or of two that are to be compared. */
export function languagesOf(...specs: readonly CatalogueSpec[]): Languages {
  return readLanguages(specs);
}

/**
 * The same, with all names that a file system which folds takes for one of them; `null` if two kinds have names that are
 * folded together only if they share one.
 */
export function foldedLanguagesOf(spec: CatalogueSpec): Languages | null {
  const isPlain = spec.kinds.every((kind) => partsOf(kind, spec).every(isLowerCase));
  if (isPlain || setsIn(spec).every(isSettled)) return null;
  return readLanguages([spec], remembering(closure));
}

/** Whether a part has no character of another case, as its text shows: what takes no time. */
function isLowerCase(part: Part): boolean {
  if ("literal" in part) return /^[\0-@[-\x7f]*$/u.test(part.literal);
  const source = part.pattern.replaceAll(/\[\^[^\\\]A-Za-z]*\]/gu, "");
  return /^[\0-@[\]_-\x7f]*$/u.test(source);
}

function remembering(fold: (set: CharSet) => CharSet): (set: CharSet) => CharSet {
  const known = new Map<string, CharSet>();
  return (set) => {
    const key = set.toRangesString();
    const found = known.get(key) ?? fold(set);
    known.set(key, found);
    return found;
  };
}

function readLanguages(
  specs: readonly CatalogueSpec[],
  fold: (set: CharSet) => CharSet = (set) => set,
): Languages {
  const owner = new Map(specs.flatMap((spec) => spec.kinds.map((kind) => [kind, spec])));
  if (owner.size < specs.flatMap(({ kinds }) => kinds).length) {
    throw new Error("one and the same kind is in two catalogues: read each catalogue by itself");
  }
  const alphabet = alphabetOf(specs.flatMap(setsIn).map(fold));
  const known = new Map<Kind, Language>();
  return {
    alphabet,
    of(kind) {
      const found =
        known.get(kind) ?? languageOf(partsOf(kind, defined(owner.get(kind))), alphabet, fold);
      known.set(kind, found);
      return found;
    },
  };
}

/** The language of a parameter pattern alone, over its own alphabet. */
export function languageOfPattern(pattern: string | null): Language {
  const source = pattern ?? ANY_VALUE;
  return languageOf([{ pattern: source }], alphabetOf(setsOf(source)));
}

/** A token with the pattern that stands behind it. */
type Part = { readonly literal: string } | { readonly pattern: string };

/** The tokens of a kind, each parameter as its pattern. */
export function partsOf(kind: Kind, spec: CatalogueSpec): Part[] {
  return kind.tokens.map((token) =>
    "literal" in token
      ? token
      : { pattern: spec.parameters.get(token.parameter)?.pattern ?? ANY_VALUE },
  );
}

function setsIn(spec: CatalogueSpec): CharSet[] {
  const patterns = new Set<string>();
  const literals = new Set<string>();
  for (const part of spec.kinds.flatMap((kind) => partsOf(kind, spec))) {
    if ("pattern" in part) patterns.add(part.pattern);
    else for (const character of part.literal) literals.add(character);
  }
  return [...[...patterns].flatMap(setsOf), ...Array.from(literals, one)];
}

function languageOf(
  parts: readonly Part[],
  alphabet: Alphabet,
  fold: (set: CharSet) => CharSet = (set) => set,
): Language {
  const positions = new PositionAutomaton();
  const tokens: number[] = [];
  const whole = parts.reduce<Fragment>((before, part, token) => {
    const fragment =
      "literal" in part ? literal(part.literal, positions) : value(part.pattern, positions);
    while (tokens.length < positions.sets.length) tokens.push(token);
    return positions.concatenation(before, fragment);
  }, EMPTY_WORD);
  const states: State[] = [
    { symbols: [], token: -1, next: edges(whole.first), ends: whole.empty },
    ...positions.sets.map((set, position) => ({
      symbols: symbolsOf(fold(set), alphabet),
      token: defined(tokens[position]),
      next: edges(defined(positions.follow[position])),
      ends: whole.last.get(position) ?? 0,
    })),
  ];
  return { alphabet, states, dfa: new Dfa(states, alphabet) };
}

function literal(text: string, positions: PositionAutomaton): Fragment {
  return Array.from(text, (character) => positions.character(one(character))).reduce<Fragment>(
    (before, next) => positions.concatenation(before, next),
    EMPTY_WORD,
  );
}

/** No value is empty: the validator refuses a pattern that matches nothing, and the proofs hold it to that. */
function value(pattern: string, positions: PositionAutomaton): Fragment {
  return { ...positions.pattern(pattern), empty: 0 };
}

/** State 0 is the start, so that position 0 is state 1. */
function edges(map: ReadonlyMap<number, number>): Edge[] {
  return Array.from(map, ([position, ways]) => ({ to: position + 1, ways }));
}

function symbolsOf(set: CharSet, alphabet: Alphabet): readonly number[] {
  return set.equals(CharSet.empty(LAST_CHARACTER)) ? [] : alphabet.symbolsOf(set);
}
