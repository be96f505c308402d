/**
 * A text that may come from anyone, such as a file name or a command line, made safe to print: what cannot be
 * seen, or looks like something else, is shown as an escape. These are control characters and escape
 * sequences; characters that reorder or hide the text around them (U+202E), or have no width; spaces other
 * than the common one; and accents that stand alone or look like a part of the letter before them, for "e" and
 * U+0301 is another file than "\u00e9". Library, command and generator all use this one.
 */
export function visible(text: string): string {
  if (/^[ -~]*$/u.test(text)) return text;
  return text
    .replace(LETTERS(), (letter) =>
      letter === letter.normalize() ? letter : letter.replace(/\P{ASCII}/gu, toEscape),
    )
    .replace(UNSEEN(), toEscape);
}

/**
 * A regular expression that is made when it is first used: Node.js reads the tables of all scripts for a literal that
 * has \p in it, even in a function that is never called, and these took a tenth of the import of the library.
 */
function onDemand(source: string, flags: string): () => RegExp {
  let made: RegExp | undefined;
  return () => {
    made ??= new RegExp(source, flags);
    return made;
  };
}

const LETTERS = onDemand(String.raw`\p{L}[\p{M}\u{1160}-\u{11ff}]+|\P{ASCII}`, "gu");
const UNSEEN = onDemand(
  String.raw`[\p{C}\p{DI}\p{Zl}\p{Zp}\u{2800}]|(?! )\p{Zs}|(?<![\p{L}\p{M}])\p{M}`,
  "gu",
);
const PLAIN = onDemand(String.raw`^[\p{L}\p{N}_.:@+-]+$`, "u");

/** The same for a text of several lines, which stay lines. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}

/** The same in quotes, from which a reader can tell where the text begins and ends. */
export function inQuotes(text: string): string {
  return visible(JSON.stringify(text));
}

/** The same for one value among others: in quotes, unless it is plain enough to do without. */
export function quoted(text: string): string {
  return PLAIN().test(text) ? text : inQuotes(text);
}

/** What the whole numbers of a range are, in words. */
export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }): string {
  const from = min === Number.MIN_SAFE_INTEGER ? "" : ` from ${min}`;
  if (max === Number.MAX_SAFE_INTEGER) return `a whole number${from}${from && " on"}`;
  return `a whole number${from} ${from ? "to" : "up to"} ${max}`;
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

/**
 * What a lock file gets when it is created, in words.
 *
 * @param code How a value is written.
 */
export function rightsSaid(
  rights: { readonly mode: number; readonly group?: string | number | null | undefined },
  code: (value: string) => string = visible,
): string {
  const { mode, group = null } = rights;
  return `mode ${code(modeOf(mode))}${group === null ? "" : ` and group ${code(String(group))}`}`;
}

/** The mode of a file as `chmod` takes it: 0640. */
export function modeOf(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, "0");
}
