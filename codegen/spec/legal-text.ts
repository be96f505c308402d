/** A character that text of a spec cannot hold. */
export interface TextFault {
  /** Its place in the text, in code units. */
  readonly at: number;
  /** Its name, with an article. */
  readonly what: string;
}

/**
 * The first character of `text` that neither a file name nor generated code should hold: control
 * characters, line and paragraph separators, halves of surrogate pairs, and marks that make text
 * look reversed (Trojan Source, CVE-2021-42574); `null` if there is none.
 */
export function textFault(text: string, allowed: RegExp = /(?!)/u): TextFault | null {
  for (const match of text.matchAll(
    /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu,
  )) {
    const [character] = match;
    if (allowed.test(character)) continue;
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    const what = CONTROL.test(character)
      ? `the control character U+${code}`
      : SURROGATE.test(character)
        ? `half of a surrogate pair, U+${code}`
        : REVERSING.test(character)
          ? `the invisible mark U+${code}, which makes text look reversed`
          : `the line separator U+${code}`;
    return { at: match.index, what };
  }
  return null;
}

const CONTROL = /\p{Cc}/u;
const REVERSING = /[\u{202a}-\u{202e}\u{2066}-\u{2069}]/u;
const SURROGATE = /\p{Cs}/u;
