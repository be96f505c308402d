import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "./support/directory.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What the linter says of a line in a file, with the configuration of this repository. */
function lint(file: string, line: string): { status: number | null; output: string } {
  const directory = temporaryDirectory();
  for (const part of ["biome.json", "lint"]) {
    cpSync(join(ROOT, part), join(directory, part), { recursive: true });
  }
  mkdirSync(join(directory, dirname(file)), { recursive: true });
  writeFileSync(
    join(directory, file),
    `export const is = (value: unknown, Own: new () => object): boolean => ${line};\n`,
  );
  const biome = join(ROOT, "node_modules", ".bin", "biome");
  const { status, stdout, stderr } = spawnSync(biome, ["lint", "--vcs-enabled=false", file], {
    cwd: directory,
    encoding: "utf8",
  });
  return { status, output: stdout + stderr };
}

describe("the linter", () => {
  // In Jest, and in vitest's vmThreads and vmForks, the system's errors are of another realm.
  it.each(["value instanceof Error", "!(value instanceof RangeError)", "value instanceof URL"])(
    "refuses `%s` in the runtime and the generator, and says what to write instead",
    (line) => {
      for (const file of ["src/lock/x.ts", "codegen/output/x.ts"]) {
        const { status, output } = lint(file, line);
        expect(output).toContain("Go by the shape: codeOf, isSystemError and messageOf");
        expect(status).toBe(1);
      }
    },
  );

  it("lets the runtime tell its own classes, and a test tell any", () => {
    expect(lint("src/lock/x.ts", "value instanceof Own").status).toBe(0);
    expect(lint("test/x.test.ts", "value instanceof Error").status).toBe(0);
  });
});
