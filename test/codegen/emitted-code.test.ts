import { execFile } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { Node, Project } from "ts-morph";
import { expect, test } from "vitest";
import { emit, load } from "../../codegen/index.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { catalogueText } from "./catalogues.js";

const SEED = 20_260_101;
const CATALOGUES = 40;

/** What is committed: Barman's catalogue and the golden ones. */
const COMMITTED = [
  "generated",
  "test/codegen/golden/*/generated",
  "test/codegen/golden/*/*.ts",
  "test/codegen/golden/*/test",
];

/** What chance seldom produces: long names, and names of which one begins with another. */
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

test("whatever a spec says, the code is well-typed, free of lint and passes its own tests", async () => {
  const directory = temporaryDirectory();
  const texts = [MARGIN, ...fc.sample(catalogueText, { seed: SEED, numRuns: 3 * CATALOGUES })];
  const loaded = texts.map((text) => load({ file: "locks.yaml", text }));
  expect(loaded[0]?.problems).toEqual([]);
  const valid = loaded.filter(({ spec }) => spec !== null).slice(0, CATALOGUES);
  expect(valid.length, `seed ${SEED}: too few of the specs are valid`).toBe(CATALOGUES);
  valid.forEach(({ spec, proof }, index) => {
    if (spec === null) return;
    writeFiles(path.join(directory, `catalogue-${index}`, spec.output), emit(spec, proof));
  });
  writeConfiguration(directory);
  const catalogues = valid.map((_, index) => `catalogue-${index}`);

  await passes(directory, ["tsc", "-p", directory]);
  await passes(directory, [
    "biome",
    "lint",
    "--colors=off",
    "--error-on-warnings",
    "--diagnostic-level=warn",
    "--max-diagnostics=12",
    ...catalogues,
  ]);
  await passes(directory, ["vitest", "run", "--root", directory, "--no-isolate", "--reporter=dot"]);
});

test("the committed code compiles under the strictest flags", async () => {
  const directory = temporaryDirectory();
  const configuration = {
    extends: path.join(ROOT, "tsconfig.json"),
    compilerOptions: {
      ...{ noEmit: true, rootDir: ROOT, typeRoots: [path.join(ROOT, "node_modules/@types")] },
      strict: true,
      allowImportingTsExtensions: true,
      erasableSyntaxOnly: true,
      exactOptionalPropertyTypes: true,
      isolatedDeclarations: true,
      noImplicitOverride: true,
      noUncheckedIndexedAccess: true,
      verbatimModuleSyntax: true,
    },
    include: COMMITTED.map((folder) => path.join(ROOT, folder)),
    exclude: [],
  };
  writeFiles(directory, [["tsconfig.json", JSON.stringify(configuration)]]);
  await passes(directory, ["tsc", "-p", directory]);
});

test("lists that can grow stand one to a line", () => {
  const project = new Project({ skipFileDependencyResolution: true });
  project.addSourceFilesAtPaths(
    COMMITTED.map((files) =>
      path.join(ROOT, files.endsWith(".ts") ? files : `${files}/*.{ts,mts,js,mjs}`),
    ),
  );
  const lists = project.getSourceFiles().flatMap((file) => file.getDescendants().map(growingList));
  const names = new Set<string>();
  for (const list of lists) {
    if (list === null) continue;
    names.add(list.name);
    const lines = [...list.items.map((item) => item.getStartLineNumber()), list.end];
    const file = list.items[0]?.getSourceFile().getFilePath();
    expect(new Set(lines).size, `${file}: ${list.name} ${lines}`).toBe(lines.length);
  }
  expect([...names].toSorted()).toEqual([
    "constructor",
    "export",
    "import",
    "kinds",
    "order",
    "patterns",
    "readings",
    "union",
  ]);
});

/** The items of a list that grows with the catalogue or a kind, and the line it ends on. */
function growingList(
  node: Node,
): { readonly name: string; readonly items: readonly Node[]; readonly end: number } | null {
  const list = (name: string, items: readonly Node[], end = node.getEndLineNumber()) =>
    items.length === 0 ? null : { name, items, end };
  if (Node.isNamedExports(node)) return list("export", node.getElements());
  if (Node.isImportDeclaration(node) && node.getModuleSpecifierValue() === "./index.js") {
    return list("import", node.getNamedImports());
  }
  if (Node.isTypeAliasDeclaration(node)) {
    const type = node.getTypeNodeOrThrow();
    return list("union", Node.isUnionTypeNode(type) ? type.getTypeNodes() : [type], 0);
  }
  if (Node.isConstructorDeclaration(node)) {
    const body = node.getBody()?.getStartLineNumber();
    return list("constructor", node.getParameters(), body);
  }
  if (Node.isPropertyDeclaration(node) && node.getName() === "PARAMETERS") {
    const value = node.getInitializer();
    return Node.isObjectLiteralExpression(value) ? list("patterns", value.getProperties()) : null;
  }
  if (Node.isPropertyAssignment(node) && node.getName() === "before") {
    const value = node.getInitializerOrThrow();
    return Node.isArrayLiteralExpression(value) ? list("order", value.getElements()) : null;
  }
  if (Node.isNewExpression(node) && node.getExpression().getText() === "Catalogue") {
    const [, kinds] = node.getArguments();
    return Node.isArrayLiteralExpression(kinds) ? list("kinds", kinds.getElements()) : null;
  }
  if (Node.isCallExpression(node) && node.getExpression().getText() === "reads") {
    const readings = node.getArguments()[2];
    return Node.isObjectLiteralExpression(readings)
      ? list("readings", readings.getProperties())
      : null;
  }
  return null;
}

/** Runs a tool of the project in a directory, and expects that it succeeds. */
async function passes(directory: string, [tool = "", ...args]: readonly string[]): Promise<void> {
  const failure = await run(path.join(ROOT, "node_modules/.bin", tool), args, {
    cwd: directory,
  }).then(
    () => "",
    (error: { stdout: string; stderr: string }) => `${error.stdout}\n${error.stderr}`,
  );
  expect(failure.slice(0, 6000), `seed ${SEED}: ${tool}`).toBe("");
}

/** The strictness and style of this repository, for a directory outside of it. */
function writeConfiguration(directory: string): void {
  const json = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
  // Its plugins are for the runtime, and are files beside it.
  const { vcs: _, $schema: __, overrides: ___, ...biome } = json("biome.json");
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
          allowImportingTsExtensions: true,
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
      `export default { test: { include: ["catalogue-*/**/*.test.{ts,mts,js,mjs}"] }, resolve: { alias: [
        { find: /^lock-catalogue$/, replacement: ${JSON.stringify(path.join(ROOT, "src/index.ts"))} },
        { find: /^lock-catalogue\\/testing$/, replacement: ${JSON.stringify(path.join(ROOT, "src/testing.ts"))} },
      ] } };`,
    ],
  ]);
  symlinkSync(path.join(ROOT, "node_modules"), path.join(directory, "node_modules"));
}
