import { code, table, text } from "../emit/markdown.js";
import type { Result } from "./result.js";

/** Something long, which is folded away. */
export interface Detail {
  /** What it is: a line of text. */
  readonly summary: string;
  readonly language: "text" | "diff";
  readonly text: string;
}

/**
 * Results for a comment of a pull request or the summary of a job.
 *
 * @param title What was found, in a sentence.
 */
export function asMarkdown(
  command: string,
  title: string,
  results: readonly Result[],
  details: readonly Detail[],
): string {
  const rows = results
    .slice(0, MOST_ROWS)
    .map(({ rule, level, message, at }) => [
      level,
      code(rule),
      at === null ? "–" : code(`${at.file}:${at.line}`),
      text(message.split("\n", 1)[0] ?? ""),
    ]);
  const blocks = [
    `### lock-catalogue ${command}: ${text(title)}`,
    ...(rows.length === 0 ? [] : [table(["Level", "Rule", "Place", "What"], rows)]),
    ...(results.length > rows.length ? [`And ${results.length - rows.length} more.`] : []),
    ...fit(details),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** A comment of GitHub has up to 65,536 characters. */
const MOST_ROWS = 100;
const MOST_CHARACTERS = 40_000;

/** As many details as there is room for. */
function fit(details: readonly Detail[]): string[] {
  const blocks: string[] = [];
  let room = MOST_CHARACTERS;
  for (const [at, detail] of details.entries()) {
    const block = folded(detail);
    room -= block.length;
    if (room < 0) return [...blocks, `The details of ${details.length - at} more are left out.`];
    blocks.push(block);
  }
  return blocks;
}

function folded({ summary, language, text: body }: Detail): string {
  const runs = Array.from(body.matchAll(/`+/gu), ([run]) => run.length);
  const fence = "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return [
    `<details><summary>${html(summary)}</summary>`,
    `${fence}${language}\n${body.trimEnd()}\n${fence}`,
    "</details>",
  ].join("\n\n");
}

function html(line: string): string {
  return line.replace(/[&<>"'`@]/gu, (character) => `&#${character.codePointAt(0)};`);
}
