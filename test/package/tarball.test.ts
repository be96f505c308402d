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
    const stem = (file: string) => file.replace(/\.d\.ts$|\.js$|\.js\.map$/, "");
    const reached = new Set([...reach(".js"), ...reach(".d.ts")].map(stem));
    expect(reached.size).toBeGreaterThan(100);
    const built = files.filter((file) => file.startsWith("dist/") && !reached.has(stem(file)));
    expect(built).toEqual(["dist/lock-catalogue.1"]);
  });

  it("has for each module its types and a map that holds the very source", () => {
    const modules = files.filter((file) => file.endsWith(".js"));
    expect(modules.length).toBeGreaterThan(100);
    for (const module of modules) {
      expect(files).toContain(module.replace(/\.js$/, ".d.ts"));
      const [, name] = /\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(read(module)) ?? [];
      const map = join(dirname(module), name ?? `no map in ${module}`);
      const { sources, sourcesContent } = JSON.parse(read(map));
      expect([sources.length, sourcesContent.length]).toEqual([1, 1]);
      const source = resolve(ROOT, dirname(map), sources[0]);
      expect(relative(ROOT, source)).toBe(module.replace(/^dist\/(.*)\.js$/, "$1.ts"));
      expect(sourcesContent[0]).toBe(readFileSync(source, "utf8"));
    }
    // And none leads anywhere else: declarations have no maps, as sources are no files of the package.
    const mapped = files.filter((file) => /sourceMappingURL/.test(read(file)));
    expect(mapped).toEqual(modules);
  });

  it("stays small", () => {
    // 786 kB: nearly half are the maps with the sources in them. The sources as files as well would be 110 kB more.
    expect(statSync(workshop.tarball).size).toBeLessThan(820_000);
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

/** The files of a kind that the entry points import, they themselves included, however far down. */
function reach(extension: ".js" | ".d.ts"): string[] {
  const seen = new Set(targets().filter((target) => target.endsWith(extension)));
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
