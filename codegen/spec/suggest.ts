import { distance } from "fastest-levenshtein";

/** ` (did you mean "template"?)` if one of `known` is close to `word`, else nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const near = nearest(word, known);
  return near === null ? "" : ` (did you mean "${near}"?)`;
}

/** Two letters of five may be wrong: farther away, a suggestion is more of a riddle than a help. */
function nearest(word: string, known: Iterable<string>): string | null {
  const compared = comparisons.get(known) ?? 0;
  if (compared > MOST_COMPARISONS) return null;
  comparisons.set(known, compared + [...known].length);
  let best: string | null = null;
  let bestDistance = (word.length === 2 ? 1 : Math.floor(word.length * 0.4)) + 1;
  for (const candidate of known) {
    const far = farness(word.toLowerCase(), candidate.toLowerCase());
    if (far < bestDistance) {
      best = candidate;
      bestDistance = far;
    }
  }
  return best;
}

/**
 * How often a word was compared with one of a list. Whoever has misspelt thousands of the names of a large catalogue
 * waits minutes for a hint at each, and needs none.
 */
const comparisons = new WeakMap<Iterable<string>, number>();
const MOST_COMPARISONS = 1_000_000;

/** Letters that changed places are one slip, not two: "wiat". */
function farness(word: string, candidate: string): number {
  const far = distance(word, candidate);
  return far === 2 && sorted(word) === sorted(candidate) ? 1 : far;
}

function sorted(word: string): string {
  return [...word].sort().join("");
}
