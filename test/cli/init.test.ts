import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";

describe("lock-catalogue init", () => {
  it("writes a spec that generates as it is, and names the commands that then work", async () => {
    const cwd = temporaryDirectory();
    const { code, out, err } = await cliIn({ cwd }, "init");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^Wrote locks\.yaml, /);
    const commands = [...out.matchAll(/^ {2}npx lock-catalogue (.*)$/gm)].map(([, line]) => line);
    expect(commands).toEqual(["generate", "run DeployLock --directory . -- echo deployed"]);

    const generated = await cliIn({ cwd }, "generate");
    expect(generated).toMatchObject({ code: 0, err: "" });
    expect(generated.out).toContain("created locks/CustomerExportLock.ts\n");
    expect((await cliIn({ cwd }, "check")).code).toBe(0);
    for (const command of commands.slice(1)) {
      const ran = await cliIn({ cwd }, ...(command ?? "").split(" "));
      expect(ran).toEqual({ code: 0, out: "deployed\n", err: "" });
    }
  });

  it("puts the classes below src if there is one, and finds the schema in the installed package", async () => {
    const cwd = temporaryDirectory();
    writeFiles(cwd, [
      ["packages/printing/src/main.ts", ""],
      ["node_modules/lock-catalogue/codegen/locks.schema.json", "{}"],
    ]);
    const { out } = await cliIn({ cwd }, "init", "packages/printing/first.yaml");
    const text = readFileSync(join(cwd, "packages/printing/first.yaml"), "utf8");
    expect(text.split("\n")[0]).toBe(
      "# yaml-language-server: $schema=../../node_modules/lock-catalogue/codegen/locks.schema.json",
    );
    expect(text).toContain("\noutput: src/locks\n");
    expect(out).toContain("npx lock-catalogue generate packages/printing/first.yaml\n");
    expect(out).toContain(" into packages/printing/src/locks\n");
    const run = /npx lock-catalogue (run .*)/.exec(out)?.[1] ?? "";
    expect(await cliIn({ cwd }, ...run.split(" "))).toMatchObject({ out: "deployed\n" });
    expect((await cliIn({ cwd }, "generate", "packages/printing/first.yaml")).code).toBe(0);
  });

  it.each([
    ["nothing to tell", {}, {}, []],
    ["TypeScript and Vitest", { devDependencies: { typescript: "7", vitest: "4" } }, {}, []],
    [
      "TypeScript that is run as it is, and Jest",
      { type: "module", devDependencies: { jest: "30" } },
      {
        "tsconfig.json":
          '{ "compilerOptions": { /* as Node.js */ "allowImportingTsExtensions": true } }',
      },
      ["imports: .ts", "tests: { runner: jest }"],
    ],
    ["TypeScript alone", {}, { "tsconfig.json": "{}" }, ["tests: { runner: none }"]],
    [
      "TypeScript and the types of Node.js",
      { devDependencies: { typescript: "7", "@types/node": "20" } },
      {},
      ["tests: { runner: node }"],
    ],
    [
      "ES modules without a compiler",
      { type: "module" },
      {},
      ["language: javascript", "tests: { runner: node }"],
    ],
    [
      "CommonJS modules without a compiler, and Vitest",
      { devDependencies: { vitest: "4" } },
      {},
      ["language: javascript", "imports: .mjs"],
    ],
  ])("fits what is generated to a project with %s", async (what, manifest, files, expected) => {
    const cwd = temporaryDirectory();
    if (what !== "nothing to tell") writeFiles(cwd, [["package.json", JSON.stringify(manifest)]]);
    writeFiles(cwd, Object.entries(files));
    expect((await cliIn({ cwd }, "init")).code).toBe(0);
    const text = readFileSync(join(cwd, "locks.yaml"), "utf8");
    const settings = text.match(/^(?:language|imports|tests): [^#\n]*/gm) ?? [];
    expect(settings.map((line) => line.trim())).toEqual(expected);
    expect(await cliIn({ cwd }, "generate")).toMatchObject({ code: 0, err: "" });
    expect((await cliIn({ cwd }, "check")).code).toBe(0);
  });

  it("names a schema that is on the web if the package is not installed", async () => {
    const cwd = temporaryDirectory();
    await cliIn({ cwd }, "init");
    const [, schema] = /\$schema=(\S+)/.exec(readFileSync(join(cwd, "locks.yaml"), "utf8")) ?? [];
    const known = new URL("../../codegen/locks.schema.json", import.meta.url);
    expect(schema).toBe(JSON.parse(readFileSync(known, "utf8")).$id);
  });

  it("never overwrites a file, and takes no directory for one", async () => {
    const cwd = temporaryDirectory();
    writeFileSync(join(cwd, "locks.yaml"), "mine");
    mkdirSync(join(cwd, "packages"));
    const said = (text: string) => ({ code: 2, out: "", err: `lock-catalogue: ${text}\n` });
    expect(await cliIn({ cwd }, "init")).toEqual(
      said("locks.yaml is there already, and is left as it is: name another file"),
    );
    expect(readFileSync(join(cwd, "locks.yaml"), "utf8")).toBe("mine");
    expect(await cliIn({ cwd }, "init", "packages/")).toEqual(
      said("packages/ is a directory: name the file, such as packages/locks.yaml"),
    );
    expect(await cliIn({ cwd }, "init", "none/locks.yaml")).toEqual(
      said("there is no directory none"),
    );
  });
});
