import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/root.js";

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Every import of every source file under a folder: `to` is a file of ours, or a package. */
function importsOf(folder: string): Import[] {
  return sourcesOf(folder).flatMap((file) => {
    const source = readFileSync(join(ROOT, file), "utf8");
    // The command line may know the generator's types, which the compiler erases.
    const text = file.startsWith("src/cli/")
      ? source.replace(/^import type [^;]*;$/gm, "")
      : source;
    const specifiers = text.matchAll(
      /(?:\bfrom\s+|\bimport\s*\(?\s*|\brequire\(\s*)"(?<to>[^"]+)"/g,
    );
    return [...specifiers].map(({ groups }) => ({
      from: file,
      to: target(file, groups?.["to"] ?? ""),
    }));
  });
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .sort();
}

function target(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return relative(ROOT, resolve(ROOT, dirname(file), specifier)).replace(/\.js$/, ".ts");
}

describe("the architecture", () => {
  it("keeps runtime, generator and generated code apart", () => {
    const arrows = [...importsOf("src"), ...importsOf("codegen"), ...importsOf("generated")];
    const wrong = arrows.filter(({ from, to }) => {
      const [source] = from.split("/");
      const [sink] = to.split("/");
      if (source === "generated") return sink === "codegen" || sink === "test";
      // Leaves that import nothing of ours but errors: what a file name is, and how text is shown.
      if (source === "codegen" && ["src/text.ts", "src/name.ts"].includes(to)) return false;
      return sink !== source && ["src", "codegen", "generated", "test"].includes(sink ?? "");
    });
    expect(arrows.length).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  });

  it("loads nothing from outside but fs-ext with the runtime", () => {
    const seen = new Set<string>();
    const outside = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { to } of importsOf("src").filter(({ from }) => from === file)) {
        if (to.startsWith("src/")) visit(to);
        else if (!to.startsWith("node:")) outside.add(to);
      }
    };
    visit("src/index.ts");
    visit("src/testing.ts");
    expect(seen.size).toBeGreaterThan(15);
    expect([...outside]).toEqual(["fs-ext"]);
  });

  it("calls fs-ext in one small file, and never a call that blocks", () => {
    const users = importsOf("src").filter(({ to }) => to === "fs-ext");
    expect(users.map(({ from }) => from)).toEqual(["src/system/native.ts"]);
    const text = readFileSync(join(ROOT, "src/system/native.ts"), "utf8");
    expect(text.split("\n").length).toBeLessThan(100);
    expect(text).toContain("constants.LOCK_EX | constants.LOCK_NB");
    expect(text).toContain("constants.LOCK_SH | constants.LOCK_NB");
  });

  it("puts no listener on the process outside the command line", () => {
    for (const file of sourcesOf("src").filter((name) => !name.startsWith("src/cli/"))) {
      expect(readFileSync(join(ROOT, file), "utf8"), file).not.toMatch(
        /\bprocess\s*\.\s*(?:on|once|addListener|prependListener)\b/,
      );
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
    const page = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
    const [, list = ""] = page.split("## Invariants");
    const invariants = list.split(/^\d+\. /m).slice(1);
    expect(invariants.length).toBeGreaterThan(5);
    for (const invariant of invariants) {
      const tests = [...invariant.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file ?? "");
      expect(tests, invariant).not.toEqual([]);
      for (const file of tests) expect(existsSync(join(ROOT, file)), file).toBe(true);
    }
  });
});
