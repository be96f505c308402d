import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ts } from "ts-morph";
import { expect, test } from "vitest";
import { check, generate } from "../../codegen/index.js";
import { readFiles, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { project, SPEC } from "./project.js";

const JAVASCRIPT = `language: javascript\n${SPEC}`;
const MODULES = `imports: .mjs\n${JAVASCRIPT}`;

const NAMES: Readonly<Record<string, readonly string[]>> = {
  typescript: ["AlphaLock.ts", "BetaLock.ts", "LOCKS.md", "index.ts", "round-trip.test.ts"],
  javascript: [
    ...["AlphaLock.d.ts", "AlphaLock.js", "BetaLock.d.ts", "BetaLock.js", "LOCKS.md"],
    ...["index.d.ts", "index.js", "round-trip.test.js"],
  ],
  modules: [
    ...["AlphaLock.d.mts", "AlphaLock.mjs", "BetaLock.d.mts", "BetaLock.mjs", "LOCKS.md"],
    ...["index.d.mts", "index.mjs", "round-trip.test.mjs"],
  ],
};
const SPECS: Readonly<Record<string, string>> = {
  typescript: SPEC,
  javascript: JAVASCRIPT,
  modules: MODULES,
};
const LANGUAGES = Object.keys(SPECS);

test.each(
  LANGUAGES.flatMap((from) => LANGUAGES.filter((to) => to !== from).map((to) => [from, to])),
)("a change from %s to %s leaves nothing of the old language", (from, to) => {
  const { cwd, out } = project(SPECS[from]);
  expect(readdirSync(out).toSorted()).toEqual(NAMES[from]);
  writeFileSync(path.join(cwd, "locks.yaml"), SPECS[to] ?? "");
  const states = check({ cwd }).files.map(({ state }) => state);
  expect(states.filter((state) => state === "orphaned")).toHaveLength(
    (NAMES[from]?.length ?? 0) - 1,
  );
  generate({ cwd });
  expect(readdirSync(out).toSorted()).toEqual(NAMES[to]);
  expect(new Set(check({ cwd }).files.map(({ state }) => state))).toEqual(new Set(["fresh"]));
});

test("what a compiler makes of generated TypeScript beside it is nobody's", () => {
  const { cwd, out } = project();
  const built = [...readFiles(out)].flatMap(([name, text]): [string, string][] => {
    if (!name.endsWith(".ts")) return [];
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const module = ts.transpileModule(text, { compilerOptions }).outputText;
    const types = ts.transpileDeclaration(text, { compilerOptions }).outputText;
    return [
      [name.replace(/ts$/u, "js"), module],
      // Some compilers keep the header above declarations, others do not.
      [name.replace(/ts$/u, "d.ts"), `${text.split("\n").slice(0, 2).join("\n")}\n${types}`],
    ];
  });
  expect(built.map(([name]) => name)).toContain("AlphaLock.js");
  expect(built[0]?.[1]).toContain("// Generated from ../locks.yaml");
  writeFiles(out, built);
  writeFileSync(path.join(cwd, "locks.yaml"), SPEC.replaceAll("BetaLock", "GammaLock"));
  generate({ cwd });
  for (const [name, text] of built) expect(readFiles(out).get(name)).toBe(text);

  writeFileSync(path.join(cwd, "locks.yaml"), JAVASCRIPT);
  expect(() => generate({ cwd })).toThrow(/AlphaLock\.js was not generated/u);
});

test("the JavaScript of the golden catalogue passes its tests in Node.js as it is", () => {
  const folder = path.join(ROOT, "test/codegen/golden/javascript");
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = ["--test", "--test-reporter=tap", "test/locks.test.js"];
  const told = execFileSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });
  expect(told).toMatch(/^# pass 5$/mu);
  expect(told).toMatch(/^# fail 0$/mu);
});

test("the documentation of generated JavaScript is that of the TypeScript", () => {
  const { out } = project(JAVASCRIPT);
  const { out: typed } = project();
  const commentsOf = (text = "") => text.match(/\/\*\*.*?\*\//gsu);
  const files = readFiles(out);
  for (const name of ["AlphaLock", "BetaLock", "index"]) {
    const comments = commentsOf(readFiles(typed).get(`${name}.ts`));
    expect(comments?.length).toBeGreaterThan(1);
    expect(commentsOf(files.get(`${name}.d.ts`))).toEqual(comments);
    // The union of all kinds is a type, and has a comment.
    const [union, ...others] = comments ?? [];
    expect(commentsOf(files.get(`${name}.js`))).toEqual(
      name === "index" ? others : [union, ...others],
    );
  }
});
