import { CharSet, type Concatenation, type Element, JS, type NoParent } from "refa";
import { LAST_CHARACTER } from "./alphabet.js";
import { TooComplex } from "./limits.js";

/** A pattern as a tree: one character of a set, or alternatives that are repeated `min` to `max` times. */
export type Syntax =
  | { readonly set: CharSet }
  | { readonly alternatives: readonly Sequence[]; readonly min: number; readonly max: number };

/** One thing after the other. */
export type Sequence = readonly Syntax[];

/** Parses the body of a regex in `u` mode; its alternatives. */
export function syntaxOf(pattern: string): readonly Sequence[] {
  // Not simplified: a regex engine walks the pattern as it is written, dead ends included.
  const { expression } = JS.Parser.fromLiteral({ source: pattern, flags: "u" }).parse({
    simplify: false,
    assertions: "unknown",
    backreferences: "unknown",
    maxNodes: Number.POSITIVE_INFINITY,
  });
  return sequences(expression.alternatives, pattern);
}

/** The character sets that a pattern tells apart. */
export function setsOf(pattern: string): CharSet[] {
  const inside = (list: readonly Sequence[]): CharSet[] =>
    list.flat().flatMap((item) => ("set" in item ? [item.set] : inside(item.alternatives)));
  return inside(syntaxOf(pattern));
}

function sequences(list: readonly NoParent<Concatenation>[], pattern: string): Sequence[] {
  return list.map(({ elements }) => elements.map((element) => syntax(element, pattern)));
}

function syntax(element: NoParent<Element>, pattern: string): Syntax {
  switch (element.type) {
    case "CharacterClass":
      return {
        set: setOf(element.characters, pattern.slice(element.source?.start, element.source?.end)),
      };
    case "Alternation":
      return { alternatives: sequences(element.alternatives, pattern), min: 1, max: 1 };
    case "Quantifier":
      return {
        alternatives: sequences(element.alternatives, pattern),
        min: element.min,
        max: element.max,
      };
    default:
      throw new TooComplex("it holds a look-around or a back-reference");
  }
}

/**
 * The characters of a class. What has a Unicode property is asked of the regex engine itself: the parser's
 * tables may be of another version of Unicode, and thousands of characters apart.
 */
function setOf(parsed: CharSet, text: string): CharSet {
  if (!/\\p\{/iu.test(text)) return parsed;
  const known = BY_TEXT.get(text) ?? matchedBy(text);
  BY_TEXT.set(text, known);
  return known;
}

const BY_TEXT = new Map<string, CharSet>();

function matchedBy(characterClass: string): CharSet {
  const one = new RegExp(`^${characterClass}$`, "u");
  const ranges: { min: number; max: number }[] = [];
  for (let character = 0; character <= LAST_CHARACTER; character++) {
    if (!one.test(String.fromCodePoint(character))) continue;
    const last = ranges.at(-1);
    if (last !== undefined && last.max === character - 1) last.max = character;
    else ranges.push({ min: character, max: character });
  }
  return CharSet.empty(LAST_CHARACTER).union(ranges);
}
