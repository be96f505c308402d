import { execFile } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { emit, load } from "../../codegen/index.js";
import { catalogueText } from "./catalogues.js";
import { ROOT, temporaryDirectory, writeFiles } from "./temporary.js";

const SEED = 20_260_101;
const CATALOGUES = 40;

/** What chance seldom meets: names of which one begins with another, and a type that all but fills its line. */
const MARGIN = `catalogue: margin
output: generated
parameters:
  ${"p".repeat(30)}: {}
  ${"q".repeat(31)}: {}
locks:
  A2Lock:
    template: a2{${"p".repeat(30)}}
    description: Two.
  A1Lock:
    template: a1{${"q".repeat(31)}}
    description: One.
  Lock$Lock:
    template: longer
    description: Longer.
  Lock$:
    template: shorter
    description: Shorter.
`;

const run = promisify(execFile);

test("whatever a spec says, the code is well-typed, formatted and passes its own tests", async () => {
  const directory = temporaryDirectory();
  const texts = [MARGIN, ...fc.sample(catalogueText, { seed: SEED, numRuns: 3 * CATALOGUES })];
  const loaded = texts.map((text) => load({ file: "locks.yaml", text }));
  expect(loaded[0]?.problems).toEqual([]);
  const valid = loaded.filter(({ spec }) => spec !== null).slice(0, CATALOGUES);
  expect(valid.length, `seed ${SEED}: too few of the specs are valid`).toBe(CATALOGUES);
  valid.forEach(({ spec, proof }, index) => {
    if (spec !== null) writeFiles(path.join(directory, `catalogue-${index}`), emit(spec, proof));
  });
  writeConfiguration(directory);
  const catalogues = valid.map((_, index) => `catalogue-${index}`);

  const bin = (name: string) => path.join(ROOT, "node_modules", ".bin", name);
  const checks = [
    [bin("tsc"), "-p", directory],
    [
      bin("biome"),
      "ci",
      "--colors=off",
      "--error-on-warnings",
      "--diagnostic-level=warn",
      "--max-diagnostics=12",
      ...catalogues,
    ],
    [bin("vitest"), "run", "--root", directory, "--no-isolate", "--reporter=dot"],
  ] as const;
  for (const [command, ...args] of checks) {
    const failure = await run(command, args, { cwd: directory }).then(
      () => "",
      (error: { stdout: string; stderr: string }) => `${error.stdout}\n${error.stderr}`,
    );
    expect(failure.slice(0, 6000), `seed ${SEED}: ${path.basename(command)}`).toBe("");
  }
});

/** The strictness and style of this repository, for a directory outside of it. */
function writeConfiguration(directory: string): void {
  const json = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
  const { vcs: _, $schema: __, ...biome } = json("biome.json");
  const {
    outDir: _outDir,
    rootDir: _rootDir,
    ...compilerOptions
  } = json("tsconfig.json").compilerOptions;
  writeFiles(directory, [
    ["biome.json", JSON.stringify(biome)],
    [
      "tsconfig.json",
      JSON.stringify({
        compilerOptions: {
          ...compilerOptions,
          noEmit: true,
          typeRoots: [path.join(ROOT, "node_modules/@types")],
          paths: {
            "lock-catalogue": [path.join(ROOT, "src/index.ts")],
            "lock-catalogue/testing": [path.join(ROOT, "src/testing.ts")],
          },
        },
        include: ["catalogue-*/**/*"],
      }),
    ],
    ["package.json", JSON.stringify({ type: "module" })],
    [
      "vitest.config.mjs",
      `export default { test: { include: ["catalogue-*/*.test.ts"] }, resolve: { alias: [
        { find: /^lock-catalogue$/, replacement: ${JSON.stringify(path.join(ROOT, "src/index.ts"))} },
        { find: /^lock-catalogue\\/testing$/, replacement: ${JSON.stringify(path.join(ROOT, "src/testing.ts"))} },
      ] } };`,
    ],
  ]);
  symlinkSync(path.join(ROOT, "node_modules"), path.join(directory, "node_modules"));
}
