import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { check, emit, generate, load } from "../../codegen/index.js";
import { readFiles, temporaryDirectory, writeFiles } from "../support/directory.js";
import { project, SPEC } from "./project.js";

/** The paths of files by what has to happen to them. */
function states(cwd: string, spec = "locks.yaml"): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { path: file, state } of check({ cwd, spec }).files) {
    found[state] = [...(found[state] ?? []), file];
  }
  return found;
}

const NAMES = ["AlphaLock.ts", "BetaLock.ts", "LOCKS.md", "index.ts", "round-trip.test.ts"];

test.each(["src/locks", "out/deeper", "."])(
  "after a move of the output to %s the old folder is orphaned, and goes with what was generated",
  (output) => {
    const { cwd, out } = project(
      SPEC.replace("output: out", `output: ${output === "." ? "a/b" : "out"}`),
    );
    const old = output === "." ? path.join(cwd, "a/b") : out;
    const next = output === "." ? "a" : output;
    writeFileSync(path.join(old, "mine.ts"), "export {};\n");
    writeFiles(cwd, [["locks.yaml", SPEC.replace("output: out", `output: ${next}`)]]);
    const from = path.relative(cwd, old);
    expect(states(cwd)).toEqual({
      missing: NAMES.map((name) => `${next}/${name}`),
      orphaned: NAMES.map((name) => `${from}/${name}`),
    });
    generate({ cwd });
    expect(states(cwd)).toEqual({ fresh: NAMES.map((name) => `${next}/${name}`) });
    expect(readdirSync(old).filter((name) => name.endsWith(".ts") || name === "LOCKS.md")).toEqual([
      "mine.ts",
    ]);
  },
);

test("an old output that is empty then is removed, and others' are left alone", () => {
  const { cwd, out } = project();
  // Of another spec, of a copy of this project, and of a package.
  writeFiles(cwd, [["other.yaml", SPEC.replace("output: out", "output: other")]]);
  generate({ cwd, spec: "other.yaml" });
  mkdirSync(path.join(cwd, "copy"));
  cpSync(path.join(cwd, "locks.yaml"), path.join(cwd, "copy/locks.yaml"));
  cpSync(out, path.join(cwd, "copy/out"), { recursive: true });
  cpSync(out, path.join(cwd, "node_modules/p"), { recursive: true });
  const others = ["other", "copy/out", "node_modules/p"].map((name) => path.join(cwd, name));
  const before = others.map(readFiles);
  writeFiles(cwd, [["locks.yaml", SPEC.replace("output: out", "output: next")]]);
  generate({ cwd });
  expect(existsSync(out)).toBe(false);
  expect(others.map(readFiles)).toEqual(before);
});

test("two specs of one name that write to one folder are told apart", () => {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [
    ["locks.yaml", SPEC.replace("output: out", "output: sub/out")],
    ["sub/locks.yaml", SPEC],
  ]);
  generate({ cwd });
  expect(() => generate({ cwd: path.join(cwd, "sub") })).toThrow(
    /was generated from \.\.\/locks\.yaml, not from locks\.yaml: give each spec its own "output"/u,
  );
  expect(() => check({ cwd: path.join(cwd, "sub") })).toThrow(/give each spec its own "output"/u);
  expect(states(cwd)).toEqual({ fresh: NAMES.map((name) => `sub/out/${name}`) });
});

test("a spec that is renamed needs no deletion by hand, and has no old files left", () => {
  const { cwd, out } = project();
  renameSync(path.join(cwd, "locks.yaml"), path.join(cwd, "catalogue.yaml"));
  const spec = "catalogue.yaml";
  writeFiles(cwd, [[spec, SPEC.replaceAll("BetaLock", "GammaLock")]]);
  expect(states(cwd, spec)).toEqual({
    missing: ["out/GammaLock.ts"],
    orphaned: ["out/BetaLock.ts"],
    stale: ["AlphaLock.ts", "LOCKS.md", "index.ts", "round-trip.test.ts"].map((n) => `out/${n}`),
  });
  generate({ cwd, spec });
  expect(states(cwd, spec)["fresh"]).toHaveLength(5);
  expect(readdirSync(out)).not.toContain("BetaLock.ts");
  expect(readFileSync(path.join(out, "AlphaLock.ts"), "utf8")).toContain("../catalogue.yaml");
});

test("the header names the spec from the file, alike wherever the command is run", () => {
  const { cwd } = project(SPEC.replace("output: out", "output: src/locks"));
  const text = readFiles(path.join(cwd, "src/locks")).get("AlphaLock.ts") ?? "";
  expect(text.split("\n").slice(0, 2)).toEqual([
    "// Generated from ../../locks.yaml by `lock-catalogue generate`.",
    "// Do not edit: change ../../locks.yaml and run `npx lock-catalogue generate` in its folder.",
  ]);
  const spec = path.join(cwd, "locks.yaml");
  expect(states(temporaryDirectory(), spec)["fresh"]).toHaveLength(5);
  const loaded = load({ file: "elsewhere/locks.yaml", text: readFileSync(spec, "utf8") });
  expect(loaded.spec && emit(loaded.spec, loaded.proof).get("AlphaLock.ts")).toBe(text);
});
