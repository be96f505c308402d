import { distance } from "fastest-levenshtein";

/** ` (did you mean "template"?)` if one of `known` is close to `word`, else nothing. */
export function didYouMean(word: string, known: ReadonlySet<string>): string {
  if (!isWorthwhile(known)) return "";
  const near = nearest(word, known);
  return near === null ? "" : ` (did you mean "${near}"?)`;
}

/** Up to so many words are compared with every unknown word; more of them share what is done in all. */
const FEW_WORDS = 100;
const MOST_COMPARISONS = 500_000;
const compared = new WeakMap<object, number>();

/** Whether there is still time to look through a list, which may be as long as the list of unknown words. */
function isWorthwhile(known: ReadonlySet<string>): boolean {
  if (known.size <= FEW_WORDS) return true;
  const before = compared.get(known) ?? 0;
  compared.set(known, before + known.size);
  return before <= MOST_COMPARISONS;
}

/** Two letters of five may be wrong: farther away, a suggestion is more of a riddle than a help. */
function nearest(word: string, known: Iterable<string>): string | null {
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

/** Letters that changed places are one slip, not two: "wiat". */
function farness(word: string, candidate: string): number {
  return word !== candidate && sorted(word) === sorted(candidate) ? 1 : distance(word, candidate);
}

function sorted(word: string): string {
  return [...word].sort().join("");
}
