import { type Language, partsOf } from "../automata/languages.js";
import { firstShared } from "../automata/overlap.js";
import { firstStep, nameOf, reach } from "../automata/search.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind } from "../model.js";

/**
 * Finds names that a kind reads in two ways: it runs two copies of the kind's automaton over one name and asks
 * whether they can end together after some character belonged to one token in the first copy and to another
 * token in the second. Every token takes at least one character, so that two readings differ in exactly this,
 * whatever the number of parameters; and since the search is over names of at most 255 bytes, its "no" is for
 * all of them.
 *
 * The answer is the shortest such name, `null` if every name has one reading.
 */
export function ambiguousName(language: Language): string | null {
  const { states, alphabet } = language;
  const count = states.length;
  const steps = reach(
    0,
    (configuration, visit) => {
      const diverged = configuration % 2;
      const pair = (configuration - diverged) / 2;
      for (const { to } of defined(states[Math.floor(pair / count)]).next) {
        for (const { to: other } of defined(states[pair % count]).next) {
          const [one, two] = [defined(states[to]), defined(states[other])];
          const symbol = firstShared(one.symbols, two.symbols);
          if (symbol === null) continue;
          const differ = diverged === 1 || one.token !== two.token ? 1 : 0;
          // The copies are alike, so that a pair and its mirror image are one.
          const [low, high] = to < other ? [to, other] : [other, to];
          visit(symbol, (low * count + high) * 2 + differ);
        }
      }
    },
    alphabet,
  );
  const found = firstStep(steps, (configuration) => {
    const pair = Math.floor(configuration / 2);
    const ends = [Math.floor(pair / count), pair % count].map(
      (state) => defined(states[state]).ends,
    );
    return configuration % 2 === 1 && ends.every((ways) => ways > 0);
  });
  return found === null ? null : nameOf(found, alphabet);
}

/**
 * Whether a kind has one reading by its shape alone: with at most one parameter, the lengths of the literals
 * around it say where its value begins and ends.
 */
export function isPlainlyUnambiguous(kind: Kind): boolean {
  return kind.parameters.length <= 1;
}

/** Kinds with equal shapes have equal proofs: this is what they are remembered by. */
export function shapeOf(kind: Kind, spec: CatalogueSpec): string {
  return JSON.stringify(partsOf(kind, spec));
}
