import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/root.js";
import { Workshop } from "./workshop.js";

const workshop = new Workshop();
const root = workshop.unpack();
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => statSync(join(root, file)).isFile())
  .sort();
const read = (file: string) => readFileSync(join(root, file), "utf8");
const manifest: Record<
  "exports" | "imports" | "bin",
  Record<string, string | Record<string, string>>
> = JSON.parse(read("package.json"));

describe("the tarball", () => {
  it("holds the built package, the schema, Barman's catalogue and the documents", () => {
    const named = ["README.md", "LICENSE", "CHANGELOG.md", "package.json", "locks.yaml"];
    expect(files).toEqual(expect.arrayContaining([...named, "codegen/locks.schema.json"]));
    for (const target of targets()) expect(files).toContain(target);
  });

  it("holds no tests, no sources beside what they were built to, and no file twice", () => {
    expect(files.filter((file) => /\.test\.|(?:^|\/)test\//.test(file))).toEqual([]);
    expect(files.filter((file) => /(?<!\.d)\.ts$|\.d\.ts\.map$/.test(file))).toEqual([]);
    const digests = files.map((file) => createHash("sha256").update(read(file)).digest("hex"));
    expect(files.filter((_, index) => digests.indexOf(digests[index] ?? "") !== index)).toEqual([]);
  });

  it("holds no module that no entry point reaches", () => {
    const reached = new Set([...reach(".js"), ...reach(".d.ts")]);
    expect(reached.size).toBeGreaterThan(60);
    const built = files.filter((file) => file.startsWith("dist/") && !file.endsWith(".js.map"));
    expect(built.filter((file) => !reached.has(file))).toEqual(["dist/lock-catalogue.1"]);
  });

  it("has for each module a map that holds the very sources, and each source once", () => {
    const modules = files.filter((file) => file.endsWith(".js"));
    const mapped = modules.flatMap((module) => {
      const [, name] = /\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(read(module)) ?? [];
      if (name === undefined) {
        // It only passes on what another module has, of ours or of a package.
        expect(read(module)).not.toMatch(/\b(?:class|function)\b|=>/);
        return [];
      }
      const map = join(dirname(module), name);
      const { sources, sourcesContent }: Record<string, string[]> = JSON.parse(read(map));
      return (sources ?? []).map((source, index) => {
        const file = resolve(ROOT, dirname(map), source);
        if (file.endsWith(".ts")) expect(sourcesContent?.[index]).toBe(readFileSync(file, "utf8"));
        return relative(ROOT, file);
      });
    });
    expect(mapped.filter((file, index) => mapped.indexOf(file) !== index)).toEqual([]);
    expect(mapped).toEqual(expect.arrayContaining(["src/lock-file.ts", "src/cli/commands/ls.ts"]));
    // And none leads anywhere else: declarations have no maps, as sources are no files of the package.
    const leading = files.filter((file) => /sourceMappingURL/.test(read(file)));
    expect(leading.filter((file) => !modules.includes(file))).toEqual([]);
  });

  it("stays small", () => {
    // 620 kB: more than half are the maps with the sources in them.
    expect(statSync(workshop.tarball).size).toBeLessThan(650_000);
  });

  it("has a runtime of three small files", () => {
    const runtime = reach(".js", ["dist/src/index.js"]);
    expect(runtime).toHaveLength(3);
    // 142 kB, with the messages of all errors.
    const sizes = runtime.map((file) => statSync(join(root, file)).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(143_000);
  });
});

/** A spec is read by the generator of others, and imported by nobody. */
const NO_MODULE = ["--exclude-entrypoints", "barman/locks.yaml"];

/** Both ask of a package what its users would stumble over, of the very file that is published. */
describe("the tarball is clean", () => {
  it("for publint", () => {
    expect(tool("publint", ["run", workshop.tarball, "--strict"])).toMatchObject({
      status: 0,
      output: expect.stringContaining("All good!"),
    });
  });

  // `esm-only` leaves out `require` as it was before Node.js 20.19, the oldest that this package supports: since then,
  // `require` loads an ES module (package.test.ts does so).
  it("for attw, as a package of ES modules alone", () => {
    const esm = ["--profile", "esm-only", ...NO_MODULE];
    expect(tool("attw", [workshop.tarball, ...esm])).toMatchObject({ status: 0 });
  });

  it("for attw in all four resolutions, but for the complaint that this means there", () => {
    const but = ["--ignore-rules", "cjs-resolves-to-esm"];
    const strict = ["--profile", "strict", ...but, ...NO_MODULE];
    expect(tool("attw", [workshop.tarball, ...strict])).toMatchObject({ status: 0 });
  });
});

/** Every file that `exports`, `imports` and `bin` of the manifest name. */
function targets(): string[] {
  return [manifest.exports, manifest.imports, manifest.bin]
    .flatMap((names) => Object.values(names))
    .flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)))
    .map((target) => target.replace(/^\.\//, ""));
}

/** The files of a kind that the entry points, or those that are named, import, they themselves included, however far down. */
function reach(extension: ".js" | ".d.ts", entries: readonly string[] = targets()): string[] {
  const seen = new Set(entries.filter((target) => target.endsWith(extension)));
  for (const file of seen) {
    for (const [, name = ""] of read(file).matchAll(/\b(?:from|import|import\()\s*"(\.[^"]+)"/g)) {
      seen.add(join(dirname(file), name).replace(/\.js$/, extension));
    }
  }
  expect([...seen].filter((file) => !existsSync(join(root, file)))).toEqual([]);
  return [...seen];
}

/** A program that this repository depends on. */
function tool(name: "publint" | "attw", args: readonly string[]) {
  const program = join(ROOT, "node_modules", ".bin", name);
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: root });
  return { status, output: stdout + stderr };
}
