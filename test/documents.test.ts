import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProgram } from "../src/cli/program.js";
import { blocks, DOCUMENTS, tokens } from "./support/documents.js";
import { ROOT } from "./support/root.js";

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
    .map((token) => String(token.attrGet("href") ?? token.attrGet("src") ?? ""))
    .filter((link) => link !== "")
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
    const pages = DOCUMENTS.filter((file) => dirname(file) === "docs");
    expect(pages).toContain("docs/locking.md");
    expect(linksOf("README.md")).toEqual(expect.arrayContaining(pages));
  });

  it("has every command in its table, and no other", async () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    const [, table = ""] = /^## Commands\n(.*?)^## /msu.exec(readme) ?? [];
    const rows = table.split("\n").filter((row) => /^\| `[a-z]/u.test(row));
    const shown = rows.flatMap((row) =>
      Array.from((row.split("|")[1] ?? "").matchAll(/`([a-z]+)`/gu), ([, name]) => name),
    );
    const program = await createProgram([], null);
    const visible = program.createHelp().visibleCommands(program);
    const names = visible.map((command) => command.name()).filter((name) => name !== "help");
    expect(shown.toSorted()).toEqual(names.toSorted());
  });
});

describe("docs/integrations.md", () => {
  const page = readFileSync(join(ROOT, "docs/integrations.md"), "utf8");
  const rows = Array.from(page.matchAll(/^\|.*\]\((\S+)\).*\]\(\.\.\/(\S+)\) +\|$/gmu), (row) => ({
    page: row[1]?.startsWith("#") ? "integrations.md" : (row[1]?.replace(/#.*/u, "") ?? ""),
    test: row[2] ?? "",
  }));
  const textOf = ({ test }: { readonly test: string }) => readFileSync(join(ROOT, test), "utf8");

  it.each(rows)("$page is read by $test, which says that it is shown by", (row) => {
    expect(textOf(row)).toContain(`docs/${row.page}`);
  });

  it("has no code that none of these tests names", () => {
    expect(rows.length).toBeGreaterThanOrEqual(10);
    const tests = rows.map(textOf).join("\n");
    const code = blocks("docs/integrations.md").filter(({ file, headings }) =>
      file === null
        ? !tests.includes(`"docs/integrations.md", "${headings.at(-1)}"`)
        : !tests.includes(`"${file}"`),
    );
    expect(code).toEqual([]);
  });
});

/** The calls of a program in the code blocks of a document: the words after its name, of each. */
function callsOf(program: string, texts: readonly string[]): string[] {
  const call = new RegExp(String.raw`(?:^|[\s/=|;(])${program} ([a-z][^\n|;>#)]*)`, "gmu");
  // A line that ends with a backslash goes on.
  return texts.flatMap((text) =>
    [...text.replaceAll(/\\\n\s*/gu, "").matchAll(call)].map(([, words = ""]) =>
      (words.split(/ && | 2>/u)[0] ?? "").trim(),
    ),
  );
}

/** What the command does not know of a call: its subcommand, or the options that are not those of the subcommand. */
async function unknownTo(call: string): Promise<string[]> {
  const words = call.split(/\s+/u);
  const end = words.indexOf("--");
  const args = end === -1 ? words : words.slice(0, end);
  const command = end === -1 ? null : words.slice(end + 1);
  const [name = "", ...rest] = args;
  const program = await createProgram(args, command);
  const top = program.commands.find((each) => each.name() === name);
  if (top === undefined) return [name];
  // A kind is a command below `run` and `who`.
  const known = [top, ...top.commands.filter((each) => rest.includes(each.name()))]
    .flatMap(({ options }) => options)
    .flatMap(({ short, long }) => [short, long]);
  const used = rest.filter((word) => /^--?[a-z]/u.test(word));
  return used.map((word) => word.replace(/=.*/u, "")).filter((option) => !known.includes(option));
}

/** What docs/commands.md shows to be refused: a kind that is misspelt, so that its options are not known either. */
const REFUSED = /^run ServerBakupLock /u;

const programTexts = (file: string): string[] =>
  blocks(file)
    .filter(({ language }) => language !== "ts")
    .map(({ text }) => text);

describe("the commands of the documents", () => {
  it("are known to the program, with their options", async () => {
    const calls = DOCUMENTS.flatMap((file) => callsOf("lock-catalogue", programTexts(file)));
    expect(calls).toEqual(expect.arrayContaining(["check", "generate"]));
    const unknown = await Promise.all(
      calls
        .filter((call) => !REFUSED.test(call))
        .map(async (call) => (await unknownTo(call)).map((word) => `${word} in: ${call}`)),
    );
    expect(unknown.flat()).toEqual([]);
  });

  it("are scripts of the package where npm runs them", () => {
    const calls = DOCUMENTS.flatMap((file) => callsOf("npm run", programTexts(file)));
    expect(calls).toContain("generate");
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(Object.keys(scripts)).toEqual(
      expect.arrayContaining(calls.map((call) => call.split(/\s+/u)[0])),
    );
  });

  it("would not pass the check if they were wrong", async () => {
    expect(callsOf("lock-catalogue", ["$ npx lock-catalogue lz \\\n  --json | jq .\n"])).toEqual([
      "lz --json",
    ]);
    expect(await unknownTo("lz --json")).toEqual(["lz"]);
    expect(await unknownTo("ls /tmp --jason --format=json")).toEqual(["--jason"]);
    expect(await unknownTo("who ServerBackupLock --no-such main")).toEqual(["--no-such"]);
  });
});
