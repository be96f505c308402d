/**
 * A text that may come from anyone, such as a file name or a command line, made safe to print: control
 * characters, escape sequences, and characters that reorder or hide the text around them (U+202E) are
 * shown as escapes. Library, command and generator all use this one.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, toEscape);
}

/** The same for one value among others: in quotes, unless it is plain enough to do without. */
export function quoted(text: string): string {
  return /^[\p{L}\p{N}_.:@+-]+$/u.test(text) ? text : visible(JSON.stringify(text));
}

function toEscape(character: string): string {
  const code = Number(character.codePointAt(0));
  const short = SHORT[character];
  if (short !== undefined) return short;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A value as a message shows it: a string in quotes, anything else as JavaScript writes it. */
export function quotedValue(value: unknown): string {
  return typeof value === "string" ? visible(JSON.stringify(value)) : visible(String(value));
}
