import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/root.js";
import { STRICT } from "./strict.js";
import { Workshop } from "./workshop.js";

const IMPORTS = `
import { type AcquireOptions, type LockFile, LockFileBusy } from "lock-catalogue";
import { barman, ServerBackupLock } from "lock-catalogue/barman";
import { check, type GenerateOutcome } from "lock-catalogue/codegen";
import schema from "lock-catalogue/locks.schema.json" with { type: "json" };
import manifest from "lock-catalogue/package.json" with { type: "json" };
import { roundTrip } from "lock-catalogue/testing";
`;

/** The same, as a CommonJS module has to say it under `verbatimModuleSyntax`, and may not under `erasableSyntaxOnly`. */
const REQUIRES = `
import runtime = require("lock-catalogue");
import catalogue = require("lock-catalogue/barman");
import codegen = require("lock-catalogue/codegen");
import schema = require("lock-catalogue/locks.schema.json");
import manifest = require("lock-catalogue/package.json");
import testing = require("lock-catalogue/testing");
const { LockFileBusy } = runtime;
const { barman, ServerBackupLock } = catalogue;
const { check } = codegen;
const { roundTrip } = testing;
type AcquireOptions = runtime.AcquireOptions;
type LockFile = runtime.LockFile;
type GenerateOutcome = codegen.GenerateOutcome;
`;

/** A program that uses what it imports from every entry point. */
const PROGRAM = `
async function main(): Promise<void> {
  const told: string[] = [];
  const options: AcquireOptions = { timeout: 1_000 };
  {
    using lock = new ServerBackupLock(".", "main", { wait: true });
    told.push(lock.serverName, String(await lock.acquire(options)));
    const other: LockFile = new ServerBackupLock(".", "main");
    try {
      other.acquireSync();
    } catch (error) {
      if (error instanceof LockFileBusy) told.push(error.code);
    }
  }
  const found = barman.identify(".main-20260101T120000-sync-backup.lock");
  if (found?.kind === "ServerBackupSyncLock") told.push(found.backupId);
  roundTrip(ServerBackupLock, ["main"], ".main-backup.lock");
  const outcome: GenerateOutcome = check({ spec: "node_modules/lock-catalogue/locks.yaml" });
  told.push(String(outcome.problems.length), String(outcome.files.length));
  console.log(manifest.name, manifest.version, schema.title, told.join());
}
void main();
`;

/** The same for a compiler of before: its CommonJS modules have no import attributes, and are written as ES modules. */
const IMPORTS_OF_BEFORE = IMPORTS.replaceAll(' with { type: "json" }', "");

const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const OUTPUT = `lock-catalogue ${version} lock-catalogue main,true,LOCK_BUSY,20260101T120000,0,13\n`;

describe("a program that uses every entry point, under the strict flags and with the types of libraries checked,", () => {
  const project = new Workshop().project(
    "typescript",
    {},
    { packages: ["typescript@7", "@types/node@20"] },
  );
  const compile = (name: string, text: string, options: Record<string, unknown>) => {
    project.write(name, text);
    const compilerOptions = { ...STRICT, resolveJsonModule: true, ...options };
    project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: [name] }));
    return project.tool("tsc", ["-p", "."]);
  };

  it.each([
    ["an ES module", "use.mts", "use.mjs", IMPORTS, {}],
    ["a CommonJS module", "use.cts", "use.cjs", REQUIRES, { erasableSyntaxOnly: false }],
  ])("compiles as %s of Node.js, and runs", (_, source, built, head, but) => {
    const options = { module: "nodenext", moduleResolution: "nodenext", noEmit: false, ...but };
    expect(compile(source, head + PROGRAM, options)).toEqual({ status: 0, output: "" });
    expect(project.run("node", [built])).toEqual({ status: 0, output: OUTPUT });
  });

  it.each(["preserve", "esnext"])("compiles for a bundler, with `module: %s`", (module) => {
    const options = { module, moduleResolution: "bundler" };
    expect(compile("use.ts", IMPORTS + PROGRAM, options)).toEqual({ status: 0, output: "" });
  });

  it.each(["nodenext", "bundler"])("is refused for a wrong type (%s)", (moduleResolution) => {
    const module = moduleResolution === "bundler" ? "preserve" : "nodenext";
    const wrong =
      'import { ServerBackupLock } from "lock-catalogue/barman";\nnew ServerBackupLock(".", 1);\n';
    expect(compile("wrong.mts", wrong, { module, moduleResolution })).toMatchObject({
      status: 1,
      output: expect.stringMatching(/^wrong\.mts\(2,27\): error TS2345: .*number/),
    });
  });
});

describe("a program that is compiled by the oldest TypeScript that works, 5.2,", () => {
  const compilers = ["typescript@5.2", "older@npm:typescript@5.1", "oldest@npm:typescript@4.7"];
  const project = new Workshop().project(
    "typescript-5",
    {},
    { packages: [...compilers, "@types/node@20"] },
  );

  const compile = (
    name: string,
    options: Record<string, unknown>,
    text = PROGRAM,
    compiler = "typescript",
  ) => {
    const { isolatedDeclarations: _, erasableSyntaxOnly: __, ...strict } = STRICT;
    const before = { verbatimModuleSyntax: false, esModuleInterop: true, noEmit: false };
    const lib = ["es2022", "esnext.disposable"];
    const compilerOptions = { ...strict, ...before, resolveJsonModule: true, lib, ...options };
    project.write(name, IMPORTS_OF_BEFORE + text);
    project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: [name] }));
    return project.run("node", [`node_modules/${compiler}/bin/tsc`, "-p", "."]);
  };

  const NODE_10 = { module: "commonjs", moduleResolution: "node" };
  const NODE_16 = { module: "node16", moduleResolution: "node16" };

  it("as a CommonJS module of old, which knows no `exports`, finds every entry point, and runs", () => {
    expect(compile("use.ts", NODE_10)).toEqual({ status: 0, output: "" });
    expect(project.run("node", ["use.js"])).toEqual({ status: 0, output: OUTPUT });
  });

  it("as an ES module by `module: node16` finds every entry point", () => {
    expect(compile("use.mts", NODE_16)).toEqual({ status: 0, output: "" });
  });

  it("as a CommonJS module by `module: node16`, for a Node.js that cannot require it, is told what to do", () => {
    expect(compile("told.ts", NODE_16)).toMatchObject({
      status: 2,
      output: expect.stringMatching(
        /TS1479: .* Consider writing a dynamic 'import\("lock-catalogue"\)'/,
      ),
    });
  });

  it.each([
    ["5.1", "older", NODE_10],
    ["5.1", "older", NODE_16],
    ["4.7", "oldest", NODE_10],
    ["4.7", "oldest", NODE_16],
  ])("is told by TypeScript %s which one it needs", (_, compiler, options) => {
    const { status, output } = compile("old.mts", { ...options, lib: ["es2022"] }, "", compiler);
    expect(status).not.toBe(0);
    expect(output).toMatch(
      /^old\.mts\(2,\d+\): error TS2306: File '\/.*\/needs-typescript-5\.2-or-later\.d\.ts' is not a module\.$/m,
    );
  });
});
