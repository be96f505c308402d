import { NAME_MAX } from "../../src/name.js";
import { defined } from "../defined.js";
import { PositionAutomaton } from "./glushkov.js";
import { languageOfPattern } from "./languages.js";
import { anyName } from "./overlap.js";
import { accepts } from "./readings.js";

/**
 * The shortest and most readable value that a parameter pattern allows (`null`: the pattern that allows any
 * file-name character), or `null` if it allows none that fits into a file name.
 *
 * @throws TooComplex if the pattern, written out, has thousands of characters.
 */
export function shortestWord(pattern: string | null): string | null {
  return anyName(languageOfPattern(pattern));
}

/**
 * Whether a text is a value that a parameter pattern allows: not empty, without `/`, NUL and lone surrogates,
 * at most 255 bytes, and matched from end to end. Unlike a regex it is fast for every pattern.
 */
export function isWord(pattern: string | null, text: string): boolean {
  const language = languageOfPattern(pattern);
  const bytes = language.alphabet
    .spell(text)
    .reduce((sum, symbol) => sum + defined(language.alphabet.bytes[symbol]), 0);
  return bytes <= NAME_MAX && accepts(language, text);
}

/** Whether a pattern matches the empty text, which no value is. Unlike a regex it is fast for every pattern. */
export function matchesEmpty(pattern: string): boolean {
  return new PositionAutomaton().pattern(pattern).empty > 0;
}
