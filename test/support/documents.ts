import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { ROOT } from "./root.js";

const markdown = new MarkdownIt();
type Token = ReturnType<typeof markdown.parse>[number];

/** Every document of the repository, as a path from its root. */
export const DOCUMENTS: readonly string[] = ["", "docs"].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name)),
);

function topTokens(document: string): Token[] {
  return markdown.parse(readFileSync(join(ROOT, document), "utf8"), {});
}

/** Every token of a document, those within lines too. */
export function tokens(document: string): Token[] {
  return topTokens(document).flatMap((block) => [block, ...(block.children ?? [])]);
}

/** A block of code in a document. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The headings above it: its own section's last. */
  readonly headings: readonly string[];
  /** The file that it is: the last one that the sentence before it names. */
  readonly file: string | null;
}

const FILE = /^[\w./-]*\.[A-Za-z]+$|^Dockerfile$|^crontab$/u;

/** The blocks of code of a document, in their order. */
export function blocks(document: string): Block[] {
  const headings: string[] = [];
  let level = 0;
  let file: string | null = null;
  let isHeading = false;
  return topTokens(document).flatMap((token) => {
    if (token.type === "heading_open") {
      level = Number(token.tag.slice(1));
      isHeading = true;
    }
    if (token.type === "inline") {
      if (isHeading) headings.splice(level - 1, headings.length, token.content);
      isHeading = false;
      const named = (token.children ?? []).filter(({ type }) => type === "code_inline");
      file = named.map(({ content }) => content).findLast((name) => FILE.test(name)) ?? null;
    }
    if (token.type !== "fence") return [];
    const block = { language: token.info, text: token.content, headings: [...headings], file };
    file = null;
    return [block];
  });
}

/** The blocks below a heading of a document. */
export function section(document: string, heading: string): Block[] {
  const found = blocks(document).filter(({ headings }) => headings.includes(heading));
  if (found.length === 0) throw new Error(`${document} has no code under "${heading}"`);
  return found;
}

/** The text of a file that a document shows. */
export function shown(document: string, file: string): string {
  const [found, ...others] = blocks(document).filter((block) => block.file === file);
  if (found === undefined || others.length > 0) {
    throw new Error(`${document} shows ${file} ${found === undefined ? "nowhere" : "twice"}`);
  }
  return found.text;
}

/** The SQL of a section, a statement each, without its comments. */
export function statements(document: string, heading: string): string[] {
  return section(document, heading)
    .filter(({ language }) => language === "sql")
    .flatMap(({ text }) => text.replaceAll(/^--.*\n/gmu, "").split(/;\n/u))
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
