import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { structuredPatch } from "diff";
import { expect, test } from "vitest";
import { CannotRun, check, emit, generate, load } from "../../codegen/index.js";
import { readFiles, temporaryDirectory, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { project, SPEC } from "./project.js";

const GAMMA = `  GammaLock:
    template: "{user}-gamma"
    description: Protects gamma.
`;

function states(files: readonly { path: string; state: string }[]): Record<string, string> {
  return Object.fromEntries(files.map(({ path: file, state }) => [path.basename(file), state]));
}

const GOLDEN = path.join(ROOT, "test/codegen/golden");

test.each(readdirSync(GOLDEN))("the golden catalogue %s comes out byte for byte", (name) => {
  const directory = path.join(GOLDEN, name);
  const text = readFileSync(path.join(directory, "locks.yaml"), "utf8");
  const { spec, proof, problems } = load({ file: "locks.yaml", text });
  expect(problems).toEqual([]);
  if (spec === null) return;
  const output = path.join(directory, "generated");
  const texts = new Map([...emit(spec, proof)].toSorted());
  const elsewhere = [...texts.keys()].filter((file) => file.startsWith("../"));
  expect(elsewhere.length).toBeLessThanOrEqual(1);
  const tests = elsewhere.map(
    (file) => [file, readFileSync(path.join(output, file), "utf8")] as const,
  );
  const update = `node dist/src/cli/main.js generate test/codegen/golden/${name}/locks.yaml`;
  expect(texts, update).toEqual(new Map([...tests, ...readFiles(output)]));
});

test("deleting the output and generating again restores every byte", () => {
  const cwd = temporaryDirectory();
  const spec = readFileSync(path.join(ROOT, "locks.yaml"), "utf8");
  writeFiles(cwd, [["locks.yaml", spec]]);
  generate({ cwd });
  expect(readFiles(path.join(cwd, "generated"))).toEqual(readFiles(path.join(ROOT, "generated")));
});

test.each(["AardvarkLock", "AmberLock", "GammaLock"])(
  "adding the kind %s makes one file and adds lines to three",
  (name) => {
    const { cwd, out } = project();
    const before = readFiles(out);
    writeFileSync(path.join(cwd, "locks.yaml"), SPEC + GAMMA.replace("GammaLock", name));
    const { files } = generate({ cwd });
    expect(states(files.filter(({ state }) => state !== "fresh"))).toEqual({
      [`${name}.ts`]: "missing",
      "LOCKS.md": "stale",
      "index.ts": "stale",
      "round-trip.test.ts": "stale",
    });
    const after = readFiles(out);
    const differing = [...after.keys()].filter((file) => before.get(file) !== after.get(file));
    expect(differing).toEqual([`${name}.ts`, "LOCKS.md", "index.ts", "round-trip.test.ts"]);
    for (const file of ["LOCKS.md", "index.ts", "round-trip.test.ts"]) {
      const { hunks } = structuredPatch("", "", before.get(file) ?? "", after.get(file) ?? "");
      const lines = hunks.flatMap((hunk) => hunk.lines);
      // The last kind of the union has the semicolon.
      const isNewLast = name === "GammaLock" && file === "index.ts";
      const removed = lines.filter((line) => line.startsWith("-"));
      expect(removed).toEqual(isNewLast ? ["-  | BetaLock;"] : []);
      expect(lines.filter((line) => line.startsWith("+"))).not.toEqual([]);
    }
  },
);

test("a new kind that accepts names of another is listed first, with a name that shows it", () => {
  const { cwd, out } = project();
  writeFileSync(
    path.join(cwd, "locks.yaml"),
    `${SPEC}${GAMMA.replace("{user}-gamma", "alpha-x.lock")}`,
  );
  generate({ cwd });
  const index = readFileSync(path.join(out, "index.ts"), "utf8");
  expect(index).toContain(
    '  // Before AlphaLock, which also reads "alpha-x.lock".\n  GammaLock,\n',
  );
  const tests = readFileSync(path.join(out, "round-trip.test.ts"), "utf8");
  const read =
    '  reads(sample, "alpha-x.lock", {\n    GammaLock: [],\n    AlphaLock: ["x"],\n  });\n';
  expect(tests).toContain(read);
});

test("a file that would not change is not touched", () => {
  const { cwd, out } = project();
  const file = path.join(out, "AlphaLock.ts");
  utimesSync(file, 1, 1);
  const { ino } = statSync(file);
  generate({ cwd });
  expect(statSync(file)).toMatchObject({ ino, mtimeMs: 1000 });
});

test("the working directory, the time zone and the locale do not show", () => {
  const { cwd, out } = project();
  const elsewhere = temporaryDirectory();
  const script = `
    import { generate } from ${JSON.stringify(path.join(ROOT, "dist/codegen/index.js"))};
    generate({ spec: ${JSON.stringify(path.join(cwd, "locks.yaml"))} });
  `;
  const before = readFiles(out);
  rmSync(out, { recursive: true });
  const env = { ...process.env, TZ: "Pacific/Apia", LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" };
  execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: elsewhere, env });
  expect(readFiles(out)).toEqual(before);
});

test("check is fine with what generate wrote, also with CRLF and a byte order mark", () => {
  const { cwd, out } = project();
  for (const [name, text] of readFiles(out)) {
    writeFileSync(path.join(out, name), `\u{feff}${text.replaceAll("\n", "\r\n")}`);
  }
  const before = readFiles(out);
  expect(new Set(check({ cwd }).files.map(({ state }) => state))).toEqual(new Set(["fresh"]));
  generate({ cwd });
  expect(readFiles(out)).toEqual(before);
});

test("check finds what is edited, missing and orphaned, with a diff, and writes nothing", () => {
  const { cwd, out } = project(SPEC + GAMMA);
  writeFileSync(path.join(cwd, "locks.yaml"), SPEC);
  const alpha = path.join(out, "AlphaLock.ts");
  writeFileSync(alpha, readFileSync(alpha, "utf8").replace("Protects alpha.", "Protects all."));
  unlinkSync(path.join(out, "BetaLock.ts"));
  const before = readFiles(out);
  const { files } = check({ cwd });
  expect(states(files)).toEqual({
    "AlphaLock.ts": "stale",
    "BetaLock.ts": "missing",
    "GammaLock.ts": "orphaned",
    "LOCKS.md": "stale",
    "index.ts": "stale",
    "round-trip.test.ts": "stale",
  });
  const [stale, missing, orphaned] = files.map(({ diff }) => diff);
  expect(stale).toContain("--- a/out/AlphaLock.ts\n+++ b/out/AlphaLock.ts\n@@");
  expect(stale).toContain("\n- * Protects all.\n+ * Protects alpha.\n");
  expect(missing).toContain("--- /dev/null\n+++ b/out/BetaLock.ts\n");
  expect(orphaned).toContain("--- a/out/GammaLock.ts\n+++ /dev/null\n");
  expect(readFiles(out)).toEqual(before);

  generate({ cwd });
  expect(readdirSync(out).toSorted()).toEqual([
    "AlphaLock.ts",
    "BetaLock.ts",
    "LOCKS.md",
    "index.ts",
    "round-trip.test.ts",
  ]);
  expect(readFileSync(alpha, "utf8")).toContain("Protects alpha.");
});

test("hand-written files beside ours are left alone, and are no orphans", () => {
  const { cwd, out } = project();
  writeFiles(out, [
    ["Helper.ts", "export const help = 1;\n"],
    ["notes.md", "mine\n"],
  ]);
  generate({ cwd });
  expect(readFileSync(path.join(out, "Helper.ts"), "utf8")).toBe("export const help = 1;\n");
  expect(states(check({ cwd }).files)).not.toHaveProperty("Helper.ts");
});

test("a spec with a problem writes nothing and deletes nothing", () => {
  const { cwd, out } = project();
  const before = readFiles(out);
  writeFileSync(path.join(cwd, "locks.yaml"), SPEC.replace("beta.lock", "alpha-{usr}.lock"));
  const { problems, files, report } = generate({ cwd });
  expect(problems).toHaveLength(1);
  expect(report).toContain(
    'locks.yaml:10:21: the parameter "usr" is not declared (did you mean "user"?)',
  );
  expect(files).toEqual([]);
  expect(readFiles(out)).toEqual(before);
});

test("a spec that is not there, or is a directory, cannot run", () => {
  const cwd = temporaryDirectory();
  expect(() => generate({ cwd })).toThrow("cannot read the spec locks.yaml: there is no such file");
  mkdirSync(path.join(cwd, "locks.yaml"));
  expect(() => check({ cwd })).toThrow(CannotRun);
});
