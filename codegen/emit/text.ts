import stringWidth from "string-width";
import type { Deprecation } from "../model.js";

/** The width at which comments are wrapped. */
const WIDTH = 100;

/** A paragraph as words, each of which stays on one line. */
export type Words = readonly string[];

/** A string literal: in double quotes, unless single quotes need fewer escapes. */
export function quote(text: string): string {
  const escaped = visible(JSON.stringify(text).slice(1, -1))
    // Linters report "${x}" as a template literal in the wrong quotes.
    .replaceAll("${", "\\u0024{");
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles <= singles) return `"${escaped}"`;
  return `'${escaped.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Names in a sentence: "A", "A and B", "A, B and C". */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** Text as a code span of Markdown and JSDoc, whatever backticks it holds. */
export function codeSpan(text: string): string {
  const runs = new Set([...text.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
  // The shortest fence that is not in the text.
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = "`".repeat(length);
  // Renderers take one space off either end, unless there is nothing else.
  const pad = /^`|`$|^ .* $/su.test(text) && text.trim() !== "" ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Prose in paragraphs. A single line break in the spec only wraps its line, so it becomes a space. */
export function paragraphs(prose: string): readonly Words[] {
  return prose
    .split(/(?:\r\n|[\n\r\u{85}\p{Zl}])[^\S\n]*(?:\r\n|[\n\r\u{85}\p{Zl}])|\p{Zp}/u)
    .map((paragraph) => paragraph.split(/[\s\u{85}\u{200b}]+/u).filter((word) => word !== ""))
    .filter((words) => words.length > 0);
}

/** The author's prose for a comment: nothing in it ends the comment or is taken for a tag. */
export function prose(text: string): readonly Words[] {
  return paragraphs(text).map((words) =>
    words.map((word) => word.replaceAll("*/", "*\\/").replace(/^@|(?<=\{)@/gu, "\\@")),
  );
}

/**
 * Why not to use a kind any more, as the author says it or in a sentence for each thing that the spec says.
 *
 * @param link The kind to use instead, as the text refers to it.
 */
export function deprecation(
  { since, use, note }: Deprecation,
  link: (kind: string) => string,
): readonly Words[] {
  const [first = [], ...more] = note === null ? [] : prose(note);
  const lead = [
    ...(since === null ? [] : ["since", ...prose(`${since}.`).flat()]),
    ...(use === null ? [] : [`Use ${link(use)}.`]),
  ];
  return [[...lead, ...first], ...more];
}

/** What a documentation comment of several lines says: paragraphs, then tags. */
export function comment(blocks: readonly Words[], tags: readonly Words[] = []): string {
  const lines = [...blocks, ...tags].flatMap((words, index) => [
    ...(index === 0 || index > blocks.length ? [] : [""]),
    ...wrap(words, WIDTH - " * ".length),
  ]);
  return `\n${lines.join("\n")}`;
}

/** What the documentation comment of a member says: on one line if it fits. */
export function memberComment(blocks: readonly Words[]): string {
  const [words = []] = blocks;
  const line = words.join(" ");
  const fits = blocks.length === 1 && stringWidth(`  /** ${line} */`) <= WIDTH;
  return fits ? line : comment(blocks);
}

/** Words as lines no wider than `width`, unless a single word is. */
function wrap(words: Words, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(`${last} ${word}`) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/**
 * Text in which nothing is invisible: control characters, and spaces and line breaks other than the
 * common space, are escapes, as JavaScript writes them in strings and regular expressions.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) => {
    const code = Number(character.codePointAt(0)).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}
