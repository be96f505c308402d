import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Import, importsOf, sourcesOf } from "./support/imports.js";
import { ROOT } from "./support/root.js";

const PAGE = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
const TREES = ["src", "codegen"] as const;

/** The rows of a table under "Layers" from the top, each with the files and folders that are named in it. */
function layersOf(tree: string): string[][] {
  const [, section = ""] = PAGE.split(/^## Layers$/mu);
  const [, table = ""] = section.split(`| \`${tree}/\``);
  const rows =
    table
      .split(/\n(?!\|)/u, 1)[0]
      ?.split("\n")
      .slice(2) ?? [];
  return rows.map((row) => [...row.matchAll(/`([^`]+)`/gu)].map(([, name]) => name ?? ""));
}

/** Which row of its tree's table a file stands in; -1 where it is in none. */
function layerOf(file: string): number {
  const [tree = "", ...path] = file.split("/");
  const name = path.length > 1 ? `${path[0]}/` : path.join("").replace(/\.ts$/u, "");
  return layersOf(tree).findIndex((names) => names.includes(name));
}

const arrows = ["src", "codegen", "generated"].flatMap(importsOf);

/** The arrows of a tree into another that are not allowed, each as text. */
function wrong(tree: string, isAllowed: (arrow: Import) => boolean): string[] {
  return arrows
    .filter((arrow) => arrow.from.startsWith(`${tree}/`) && !isAllowed(arrow))
    .map(({ from, to }) => `${from} imports ${to}`);
}

/** The tree of ours that something is in; null for a package. */
function treeOf(to: string): string | null {
  return /^(src|codegen|generated|test)\//u.exec(to)?.[1] ?? null;
}

describe("the layers", () => {
  it.each(TREES)("of %s have every file, and no other", (tree) => {
    // What an older TypeScript is led to is no module.
    const files = sourcesOf(tree).filter((file) => !file.endsWith(".d.ts"));
    expect(files.filter((file) => layerOf(file) === -1)).toEqual([]);
    const names = layersOf(tree).flat();
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) {
      const path = `${tree}/${name.endsWith("/") ? name : `${name}.ts`}`;
      expect(
        files.some((file) => file.startsWith(path)),
        path,
      ).toBe(true);
    }
  });

  it.each(TREES)("of %s import nothing from a layer below them in the table", (tree) => {
    expect(arrows.length).toBeGreaterThan(100);
    expect(
      wrong(tree, ({ from, to }) => treeOf(to) !== tree || layerOf(to) <= layerOf(from)),
    ).toEqual([]);
  });

  it("keep the runtime apart: only the command knows the generator, by types alone", () => {
    expect(
      wrong("src", ({ from, to, isType }) => {
        const isCommand = from.startsWith("src/cli/");
        return (
          [null, "src"].includes(treeOf(to)) || (isCommand && isType && treeOf(to) === "codegen")
        );
      }),
    ).toEqual([]);
  });

  it("keep the generator apart: of the runtime it knows text and name", () => {
    const shared = ["src/text.ts", "src/name.ts"];
    expect(
      wrong("codegen", ({ to }) => [null, "codegen"].includes(treeOf(to)) || shared.includes(to)),
    ).toEqual([]);
  });

  it("keep generated code apart: it imports the runtime's entry points, and its tests Vitest", () => {
    const entries = ["src/index.ts", "src/testing.ts", "vitest"];
    expect(
      wrong("generated", ({ to }) => treeOf(to) === "generated" || entries.includes(to)),
    ).toEqual([]);
  });
});

describe("the architecture", () => {
  it("loads nothing from outside but fs-ext with the runtime", () => {
    const seen = new Set<string>();
    const outside = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { to } of arrows.filter(({ from, isType }) => from === file && !isType)) {
        if (to.startsWith("src/")) visit(to);
        else if (!to.startsWith("node:")) outside.add(to);
      }
    };
    visit("src/index.ts");
    visit("src/testing.ts");
    expect(seen.size).toBeGreaterThan(15);
    expect([...outside]).toEqual(["fs-ext"]);
  });

  it("calls fs-ext in one file, and never a call that blocks", () => {
    const users = arrows.filter(({ to }) => to === "fs-ext");
    expect(users.map(({ from }) => from)).toEqual(["src/system/native.ts"]);
    const text = readFileSync(join(ROOT, "src/system/native.ts"), "utf8");
    const operations = text.match(/\bconstants\.LOCK_(?:EX|SH)\b.*/gu) ?? [];
    expect(operations).toHaveLength(2);
    for (const operation of operations) expect(operation).toContain(" | constants.LOCK_NB");
  });

  it("puts no listener on the process outside the command line", () => {
    for (const file of sourcesOf("src").filter((name) => !name.startsWith("src/cli/"))) {
      expect(readFileSync(join(ROOT, file), "utf8"), file).not.toMatch(
        /\bprocess\s*\.\s*(?:on|once|addListener|prependListener)\b/,
      );
    }
  });

  it("reads clocks and sets timers by those of src/clock.ts outside the command line, as tests fake the others", () => {
    for (const file of sourcesOf("src").filter((name) => !/^src\/(?:cli\/|clock\.ts)/.test(name))) {
      const text = readFileSync(join(ROOT, file), "utf8");
      expect(text, file).not.toMatch(/\b(?:set|clear)(?:Timeout|Interval|Immediate)\(/);
      expect(text, file).not.toMatch(/\bnew Date\(\)|\bDate\.now\b/);
      if (!text.includes("performance.now()")) continue;
      expect(text, file).toMatch(/import \{[^}]*\bperformance\b[^}]*\} from "[./]+\/clock\.js";/);
    }
  });

  it("removes files in a sweep only, and opens lock files in one place, without cutting them", () => {
    const users = (what: RegExp): string[] =>
      sourcesOf("src").filter((file) => what.test(readFileSync(join(ROOT, file), "utf8")));
    expect(users(/\b(?:unlink|rename|truncate)(?:Sync)?\(/)).toEqual(["src/catalogue/sweep.ts"]);
    expect(users(/\bopen(?:Sync)?\(/)).toEqual(["src/system/open-file.ts"]);
    expect(users(/\bO_TRUNC\b/)).toEqual([]);
  });

  it("has invariants that name the tests which keep them", () => {
    const [, list = ""] = PAGE.split("## Invariants");
    const invariants = list.split(/^\d+\. /m).slice(1);
    expect(invariants.length).toBeGreaterThan(5);
    for (const invariant of invariants) {
      const tests = [...invariant.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file ?? "");
      expect(tests, invariant).not.toEqual([]);
      for (const file of tests) expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
  });
});
