import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/root.js";

const markdown = new MarkdownIt();
const DOCUMENTS = ["", "docs"].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name)),
);

/** Every token of a document, those within lines too. */
function tokens(file: string) {
  const blocks = markdown.parse(readFileSync(join(ROOT, file), "utf8"), {});
  return blocks.flatMap((block) => [block, ...(block.children ?? [])]);
}

/** The anchors of a document, made of its headings as the forge makes them. */
function anchors(file: string): string[] {
  const all = tokens(file);
  const headings = all.filter((_, at) => all[at - 1]?.type === "heading_open");
  return headings.map(({ content }) =>
    content
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The links of a document that lead nowhere, of those that lead into the repository. */
function broken(file: string, links: readonly string[]): string[] {
  return links.filter((link) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchors(target).includes(anchor);
  });
}

const linksOf = (file: string): string[] =>
  tokens(file)
    .map((token) => token.attrGet("href"))
    .filter((href) => href !== null)
    .filter((href) => !/^[a-z]+:/i.test(href));

describe("the links of", () => {
  it.each(DOCUMENTS)("%s lead somewhere", (file) => {
    expect(broken(file, linksOf(file))).toEqual([]);
  });

  it("no document pass the check where they lead nowhere", () => {
    const wrong = ["docs/none.md", "#none", "docs/errors.md#none"];
    expect(broken("README.md", [...wrong, "docs/errors.md#lock_busy"])).toEqual(wrong);
  });
});

describe("README.md", () => {
  it("leads to every page in docs", () => {
    const pages = readdirSync(join(ROOT, "docs")).map((page) => relative("", join("docs", page)));
    expect(linksOf("README.md")).toEqual(expect.arrayContaining(pages));
  });
});
