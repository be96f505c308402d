import stringWidth from "string-width";
import { LINE_WIDTH } from "./layout.js";

/**
 * A string literal as the formatter writes it: double quotes unless single ones need fewer escapes.
 */
export function quote(text: string): string {
  const escaped = visible(JSON.stringify(text).slice(1, -1))
    // Linters take it for a template literal that lost its back-ticks.
    .replaceAll("${", "\\u0024{");
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  if (doubles <= singles) return `"${escaped}"`;
  return `'${escaped.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Text as a code span of Markdown and JSDoc, whatever back-ticks it holds. */
export function codeSpan(text: string): string {
  const runs = new Set([...text.matchAll(/`+/gu)].map(([ticks]) => ticks.length));
  // The shortest fence that is not in the text.
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = "`".repeat(length);
  const pad = /^`|`$|^ .* $/su.test(text) ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/**
 * Prose in paragraphs, each a list of words; line breaks inside a paragraph are the author's and
 * mean nothing.
 */
export function paragraphs(prose: string): readonly (readonly string[])[] {
  return prose
    .split(/(?:\r\n|[\n\r\u{85}\p{Zl}])[^\S\n]*(?:\r\n|[\n\r\u{85}\p{Zl}])|\p{Zp}/u)
    .map((paragraph) => paragraph.split(/[\s\u{85}\u{200b}]+/u).filter((word) => word !== ""))
    .filter((words) => words.length > 0);
}

/**
 * A block comment's lines after `/**`, at an indentation: words are wrapped at the line width, and
 * what would end the comment or begin a tag is escaped.
 */
export function commentLines(
  blocks: readonly (readonly string[])[],
  indentation: number,
): readonly string[] {
  const width = LINE_WIDTH - indentation - " * ".length;
  return blocks.flatMap((words, index) => [...(index === 0 ? [] : [""]), ...wrap(words, width)]);
}

/** Words as lines that are no wider than `width`, except where a single word is. */
function wrap(words: readonly string[], width: number): readonly string[] {
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

/** Words that are text of the author's: nothing in them ends the comment or is taken for a tag. */
export function escapeProse(words: readonly string[]): readonly string[] {
  return words.map((word) => word.replaceAll("*/", "*\\/").replace(/^@/u, "\\@"));
}

/** Text in which control characters, and what some take for the end of a line, are escapes. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
