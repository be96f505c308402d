import {
  type AST,
  RegExpParser,
  RegExpSyntaxError,
  visitRegExpAST,
} from "@eslint-community/regexpp";
import { unlessTooComplex } from "../automata/limits.js";
import { matchesEmpty, shortestWord } from "../automata/pattern-words.js";
import { faultInName } from "./legal-text.js";

/** Something wrong with a pattern, and the code units of it that are meant. */
export interface PatternFault {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/**
 * What a parameter's pattern may not hold. Left are characters, classes, groups that do not
 * capture, alternation and quantifiers: with these every template is a regular language, and the
 * proofs can decide about it.
 */
export function patternFaults(pattern: string): readonly PatternFault[] {
  const whole = { from: 0, to: pattern.length };
  if (pattern.length > LONGEST_PATTERN) return [{ ...whole, message: TOO_LONG }];
  const illegal = faultInName(pattern);
  if (illegal !== null) {
    const message = `a pattern cannot hold ${illegal.what} itself: write an escape`;
    return [{ from: illegal.from, to: illegal.to, message }];
  }
  let parsed: AST.Pattern;
  try {
    parsed = parsePattern(pattern);
  } catch (error) {
    /* v8 ignore next -- anything else is a bug of the parser's. */
    if (!(error instanceof RegExpSyntaxError)) throw error;
    const reason = error.message.replace(/^Invalid regular expression: \/.*\/\w*: /su, "");
    const at = Math.min(error.index, Math.max(0, pattern.length - 1));
    const message = `this is not a regular expression in the sense of the "u" flag: ${reason}`;
    return [{ from: at, to: at + 1, message }];
  }

  const faults: PatternFault[] = [];
  const refuse = (node: AST.Node, message: string) =>
    faults.push({ from: node.start, to: node.end, message });
  visitRegExpAST(parsed, {
    onAssertionEnter: (node) => refuse(node, ASSERTIONS[node.kind]),
    onCapturingGroupEnter: (node) => refuse(node, 'a pattern cannot capture: write "(?:…)"'),
    onBackreferenceEnter: (node) => refuse(node, "a pattern cannot refer back to a group"),
    onCharacterEnter: (node) => {
      if (node.value === SLASH && !isExcluded(node)) refuse(node, NO_SLASH);
    },
  });
  if (faults.length > 0) return faults;
  const message = valuesFault(pattern);
  return message === null ? [] : [{ ...whole, message }];
}

/** The syntax tree of a pattern that is legal in `u` mode. */
export function parsePattern(pattern: string): AST.Pattern {
  return new RegExpParser({ ecmaVersion: 2022 }).parsePattern(pattern, 0, pattern.length, {
    unicode: true,
  });
}

/** The pattern of texts as they stand, and of nothing else. */
export function anyOf(texts: readonly string[]): string {
  return texts.map(escaped).join("|");
}

/** A text as a regular expression that matches it alone. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
}

/** The regular expression that a whole value matches. */
export function compile(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`, "u");
}

/**
 * What is wrong with the values that a legal pattern matches. The automata answer this: a regex
 * engine may take forever on a pattern about which nothing is known yet.
 */
function valuesFault(pattern: string): string | null {
  const decide = (): string | null => {
    if (matchesEmpty(pattern)) {
      return "a pattern cannot match the empty string: a value has a character";
    }
    return shortestWord(pattern) === null
      ? "no value that fits into a file name matches this pattern"
      : null;
  };
  return unlessTooComplex(
    decide,
    (reason) =>
      `the pattern is too large to check: ${reason}; use smaller counts in braces, and no counts inside counts`,
  );
}

/** A parser descends into every group, and a pattern of this length holds no more than it can take. */
const LONGEST_PATTERN = 4_000;
const TOO_LONG = `a pattern has at most ${LONGEST_PATTERN} characters: simplify it`;

const SLASH = "/".charCodeAt(0);
const NO_SLASH = 'a value is a part of one file name and never holds "/"';

const ASSERTIONS: Readonly<Record<AST.Assertion["kind"], string>> = {
  start: 'a pattern matches a whole value anyway: remove "^"',
  end: 'a pattern matches a whole value anyway: remove "$"',
  word: "a pattern cannot look at the text around it: remove the word boundary",
  lookahead: "a pattern cannot look at the text around it: remove the look-ahead",
  lookbehind: "a pattern cannot look at the text around it: remove the look-behind",
};

/** `[^/]` names the slash to leave it out, which is harmless. */
function isExcluded(node: AST.Character): boolean {
  for (let parent: AST.Node | null = node.parent; parent !== null; parent = parent.parent) {
    if (parent.type === "CharacterClass") return parent.negate;
  }
  return false;
}
