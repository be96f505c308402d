import { codeSpan, paragraphs, visible } from "./text.js";

/** A table without padding, so that a new row changes no other line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/**
 * A code span that is safe in a table, where a bar would end the cell, and in which nothing is
 * invisible.
 */
export function code(text: string): string {
  const shown = visible(text);
  if (!shown.includes("|")) return codeSpan(shown);
  // Renderers do not agree on backslashes before a bar; they do on entities, which only HTML has in
  // code.
  const entities = shown.replace(
    /[^\p{L}\p{N} .-]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
  return `<code>${entities}</code>`;
}

/** Prose on one line in which nothing is markup, but URLs are links. */
export function text(prose: string): string {
  return paragraphs(prose)
    .map((words) => plain(words.join(" ")))
    .join(" ");
}

/** A URL in prose, without the punctuation of the sentence after it. */
const URL = /(\bhttps?:\/\/[^\s<>|\\`;]*[\p{L}\p{N}/=&#_~-])/u;

/** Escapes are no part of a URL: a renderer that makes links would link to a backslash. */
export function plain(prose: string): string {
  return prose
    .split(URL)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : escapeMarkup(part)))
    .join("")
    .replace(/^[-+]|(?<=^\d{1,9})[.)]/u, "\\$&");
}

function escapeMarkup(prose: string): string {
  return prose.replace(/[\\`*{}[\]<>#|~&$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&");
}
