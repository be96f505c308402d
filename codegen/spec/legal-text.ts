/** A character that text of a spec cannot hold. */
export interface TextFault {
  /** Its place in the text, in code units. */
  readonly from: number;
  readonly to: number;
  /** Its name, with an article. */
  readonly what: string;
}

/**
 * The first character of prose that should not be in generated code or documents either: control characters
 * (but for line breaks and tabs), halves of surrogate pairs, and marks that make text look reversed (Trojan
 * Source, CVE-2021-42574); `null` if there is none.
 */
export function faultInProse(text: string): TextFault | null {
  return firstFault(text, /(?![\n\r\t\u{85}])\p{Cc}|\p{Cs}|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu);
}

/** The same of comments in code, which a line separator would end. */
export function faultInComment(text: string): TextFault | null {
  return faultInProse(text) ?? firstFault(text, /[\u{85}\p{Zl}\p{Zp}]/gu);
}

/**
 * The first character that a name, a file name or a pattern should not hold, for two of them could look alike
 * and be two locks: what {@link faultInProse} finds, and everything that cannot be seen or looks like a common
 * space. `null` if there is none.
 *
 * Joiners and variation selectors stay legal where scripts and emoji need them, which is never after a letter
 * of ASCII (but for keycaps, as 1\u{fe0f}\u{20e3}).
 */
export function faultInName(text: string): TextFault | null {
  return firstFault(text, UNSEEN);
}

const JOINERS = "\\u{200c}\\u{200d}\\p{VS}";
const UNSEEN = new RegExp(
  [
    "[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\p{NChar}\\u{2800}\\u{fff9}-\\u{fffb}]",
    "(?! )\\p{Zs}",
    `(?![${JOINERS}])\\p{DI}`,
    `(?<![^\\p{ASCII}]|[0-9#*](?=\\u{fe0f}\\u{20e3}))[${JOINERS}]`,
  ].join("|"),
  "gu",
);

/** A name without the characters that {@link faultInName} finds. */
export function withoutFaults(text: string): string {
  return text.replace(UNSEEN, "");
}

function firstFault(text: string, faulty: RegExp): TextFault | null {
  const [match] = text.matchAll(faulty);
  if (match === undefined) return null;
  const [character] = match;
  return {
    from: match.index,
    to: match.index + character.length,
    what: describe(character),
  };
}

function describe(character: string): string {
  const hex = Number(character.codePointAt(0)).toString(16).toUpperCase();
  const code = `U+${hex.padStart(4, "0")}`;
  if (/\p{Cc}/u.test(character)) return `the control character ${code}`;
  if (/\p{Cs}/u.test(character)) return `half of a surrogate pair, ${code}`;
  if (/[\p{Zl}\p{Zp}]/u.test(character)) return `the line separator ${code}`;
  if (/\p{Zs}/u.test(character)) return `the space ${code}, which looks like a common one`;
  return /[\u{202a}-\u{202e}\u{2066}-\u{2069}]/u.test(character)
    ? `the invisible mark ${code}, which makes text look reversed`
    : `the invisible character ${code}`;
}
