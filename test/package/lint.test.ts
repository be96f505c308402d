import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/root.js";
import { STRICT } from "./strict.js";
import { Workshop } from "./workshop.js";

const GOLDEN = join(ROOT, "test/codegen/golden");

const ESLINT = `
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["*.mjs"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,mts}"],
    extends: [tseslint.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
  },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
);
`;

const GENERATE = `
import { generate } from "lock-catalogue/codegen";
for (const spec of process.argv.slice(2)) {
  if (generate({ spec }).problems.length > 0) throw new Error(spec);
}
`;

describe("a project that lints what is generated into it", () => {
  const project = new Workshop().project(
    "lint",
    { type: "module" },
    {
      packages: [
        ...["@biomejs/biome@2", "@eslint/js@10", "@types/node@20", "eslint@10"],
        ...["typescript@6", "typescript-eslint@8", "vitest@4"],
      ],
    },
  );
  const nodenext = { module: "nodenext", moduleResolution: "nodenext" };
  const compilerOptions = { ...STRICT, ...nodenext, allowImportingTsExtensions: true };
  project.write("eslint.config.mjs", ESLINT);
  project.write("biome.json", JSON.stringify({ formatter: { enabled: false } }));
  const specs = readdirSync(GOLDEN).map((name) => {
    const text = readFileSync(join(GOLDEN, name, "locks.yaml"), "utf8");
    const own = text.replace(/^output: .*$/m, `output: ${name}`).replace(/^runtime: .*\n/m, "");
    project.write(`${name}.yaml`, own);
    return `${name}.yaml`;
  });
  project.write("generate.mjs", GENERATE);
  project.must("node", ["generate.mjs", ...specs]);
  // What is deprecated must still be so for others.
  project.write(
    "use.ts",
    'import { OldLock } from "./deprecated-and-unreadable/index.js";\nexport const old = new OldLock(".", "me");\n',
  );
  project.write("tsconfig.json", JSON.stringify({ compilerOptions }));
  // Some have their tests beside the spec, or in a folder.
  const catalogues = [...readdirSync(GOLDEN), "test", "locks.spec.ts"];

  it("has no report of ESLint with typescript-eslint, the type-checked strict rules included", () => {
    expect(project.tool("eslint", ["--max-warnings=0", ...catalogues])).toEqual({
      status: 0,
      output: "",
    });
  });

  it("still gets a report of a deprecated kind that it uses", () => {
    expect(project.tool("eslint", ["use.ts"])).toMatchObject({
      status: 1,
      output: expect.stringMatching(/2:\d+ .*`OldLock` is deprecated\. Use NewLock instead/),
    });
  });

  it("has no report of Biome's recommended rules", () => {
    const { status, output } = project.tool("biome", [
      "lint",
      "--error-on-warnings",
      ...catalogues,
    ]);
    expect(status, output).toBe(0);
  });
});
