import { NAME_MAX } from "../../src/name.js";
import { languagesOf } from "../automata/languages.js";
import { nameWithin } from "../automata/overlap.js";
import type { Reading } from "../automata/readings.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind } from "../model.js";
import { spelled } from "../prove/witness.js";
import type { Pair } from "./pairing.js";
import type { Program } from "./program.js";

/** Values for which two programs make different names of one kind. */
export interface Differing {
  /** By the old names of the parameters. */
  readonly values: Reading;
  readonly name: string;
  readonly nextName: string;
}

/**
 * Values that both programs take and that give different names; `null` if there are none. Values
 * that only one of them takes are the business of the patterns.
 *
 * Equal templates need no search. Others are tried with the examples of the specs and then with the
 * shortest words that the patterns have in common: two templates that give the same name for
 * several words of any two parameters give it for all, since text that moves past a value, or two
 * values that change places, show as soon as the values differ from each other and in length.
 */
export function differing(pair: Pair, old: Program, now: Program): Differing | null {
  const { before, after, parameters } = pair;
  if (parameters === null || isSame(before, after, parameters)) return null;
  return (
    firstDifferent(pair, (parameter, next) => commonExamples(parameter, next, old, now)) ??
    firstDifferent(pair, (parameter, next) => commonWords(parameter, next, old.spec, now.spec))
  );
}

/** The one-parameter kind whose names are the values of a parameter. */
function bareKind(parameter: string, model: Kind): Kind {
  return { ...model, tokens: [{ parameter }], parameters: [parameter] };
}

function isSame(before: Kind, after: Kind, parameters: ReadonlyMap<string, string>): boolean {
  const renamed = before.tokens.map((token) =>
    "literal" in token ? token : { parameter: parameters.get(token.parameter) },
  );
  return JSON.stringify(renamed) === JSON.stringify(after.tokens);
}

function firstDifferent(
  { before, after, parameters }: Pair,
  wordsOf: (parameter: string, next: string) => readonly string[],
): Differing | null {
  const names = Array.from(defined(parameters));
  for (const words of assignments(names.map(([parameter, next]) => wordsOf(parameter, next)))) {
    const values = new Map(names.map(([parameter], at) => [parameter, defined(words[at])]));
    const nextValues = new Map(names.map(([, next], at) => [next, defined(words[at])]));
    const name = spelled(before, values);
    const nextName = spelled(after, nextValues);
    if (name !== nextName && Math.max(bytes(name), bytes(nextName)) <= NAME_MAX) {
      return { values, name, nextName };
    }
  }
  return null;
}

/** The first word of every list, and then any other words in one or two places. */
function* assignments(lists: readonly (readonly string[])[]): Generator<readonly string[]> {
  const first = lists.flatMap(([word]) => word ?? []);
  if (first.length < lists.length) return;
  yield first;
  for (const [at, words] of lists.entries()) {
    for (const word of words) {
      const one = first.with(at, word);
      yield one;
      for (let other = at + 1; other < lists.length; other++) {
        for (const second of defined(lists[other])) yield one.with(other, second);
      }
    }
  }
}

function commonExamples(parameter: string, next: string, old: Program, now: Program): string[] {
  const examples = [
    ...defined(old.spec.parameters.get(parameter)).examples,
    ...defined(now.spec.parameters.get(next)).examples,
  ];
  return [...new Set(examples)].filter(
    (value) => old.takes(parameter, value) && now.takes(next, value),
  );
}

/** A few words that both patterns match, the shortest first. */
function commonWords(
  parameter: string,
  next: string,
  old: CatalogueSpec,
  now: CatalogueSpec,
): string[] {
  const model = defined(old.kinds[0]);
  const words: string[] = [];
  while (words.length < WORDS) {
    const before = bareKind(parameter, model);
    const after = bareKind(next, model);
    // Written out as kinds, the known words split the alphabet, and another one is found.
    const known = words.map((literal) => ({ ...model, tokens: [{ literal }], parameters: [] }));
    const languages = languagesOf(
      { ...old, kinds: [before, ...known] },
      { ...now, kinds: [after] },
    );
    const word = nameWithin(
      [languages.of(before), languages.of(after)],
      known.map((kind) => languages.of(kind)),
    );
    if (word === null) break;
    words.push(word);
  }
  return words;
}

const WORDS = 4;

function bytes(name: string): number {
  return Buffer.byteLength(name);
}
