import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { hasPostgres, Server } from "./postgres/server.js";
import { canMount, isRoot } from "./support/child.js";
import { temporaryDirectory, writeFiles } from "./support/directory.js";
import { blocks, statements } from "./support/documents.js";
import { ROOT } from "./support/root.js";

/** What the blocks of a document use and do not make themselves. */
const GIVEN: Record<string, string> = {
  "docs/locking.md": `
    declare global { const signal: AbortSignal; }`,
  "docs/many-hosts.md": `
    declare global {
      const backup: (options: { signal: AbortSignal }) => Promise<void>;
      const recordBackup: (token: bigint) => Promise<void>;
      const db: import("pg").Pool;
      const UPDATE: string;
      const id: string;
    }`,
};

const STRICT = {
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  types: ["node"],
  rootDir: "src",
  outDir: "dist",
};

/** A project of a user of the package, and how a program ends in it. */
function project(files: Record<string, string>) {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(ROOT, join(directory, "node_modules/lock-catalogue"));
  for (const name of ["@types", "vitest", "pg"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(directory, "node_modules", name));
  }
  const config = { compilerOptions: STRICT, include: ["src"] };
  const texts = {
    "package.json": '{ "type": "module" }',
    "tsconfig.json": JSON.stringify(config),
    ...files,
  };
  writeFiles(directory, Object.entries(texts));
  return (...command: readonly string[]) => {
    const [program = "", ...args] = command.map((part) => part.replace(/^@/, `${ROOT}/`));
    const options = { cwd: directory, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(program, args, options);
    return { status, said: stdout + stderr };
  };
}

const TSC = "@node_modules/.bin/tsc";
const fine = { status: 0, said: "" };

/** The TypeScript of a document as programs, by the names of their files. */
function programs(file: string): (readonly [name: string, text: string])[] {
  const [first = "", ...others] = blocks(file)
    .filter(({ language, text }) => language === "ts" && !text.includes("./locks"))
    .map(({ text }) => text);
  expect(first).not.toBe("");
  const given = GIVEN[file] ?? "";
  // The blocks after the first go on with what it has made, or are programs of their own.
  const own = others.filter((other) => other.startsWith("import "));
  const more = others.filter((other) => !own.includes(other));
  const text = [given, first, ...more.map((other) => `{\n${other}}\n`), "export {};"];
  const name = file.replaceAll(/\W/g, "-");
  return [
    [name, text.join("\n")] as const,
    ...own.map((other, number) => [`${name}-${number}`, other] as const),
  ];
}

const sources = (texts: readonly (readonly [string, string])[]) =>
  Object.fromEntries(texts.map(([name, text]) => [`src/${name}.ts`, text]));

describe("the TypeScript of the documents", () => {
  it("compiles against the package, and does not where it is wrong", () => {
    const all = ["README.md", "docs/locking.md", "docs/many-hosts.md"].flatMap(programs);
    expect(project(sources(all))(TSC, "--noEmit")).toEqual(fine);
    const wrong = { "src/a.ts": 'import { LockFile } from "lock-catalogue";\nnew LockFile(1);\n' };
    expect(project(wrong)(TSC, "--noEmit").said).toContain("TS2345");
  });

  // Their directories are those of a system: the programs get empty ones.
  const mounts = ["/var/lib", "/run", "/srv"].map((path) => `mount -t tmpfs none ${path}`);
  const script = [...mounts, "mkdir /var/lib/barman", 'exec "$@"'].join("\n");
  const onOwnDirectories = ["unshare", isRoot ? "-m" : "-rm", "sh", "-ec", script, "sh"];

  it.skipIf(!canMount)("runs to its end", () => {
    const all = ["README.md", "docs/locking.md"].flatMap(programs);
    const run = project(sources(all));
    expect(run(TSC)).toEqual(fine);
    const given = "data:text/javascript,globalThis.signal = new AbortController().signal";
    expect(all.length).toBeGreaterThanOrEqual(4);
    for (const [name] of all) {
      const node = [process.execPath, "--import", given, `dist/${name}.js`];
      expect([name, run(...onOwnDirectories, ...node)]).toEqual([name, fine]);
    }
  });

  it.skipIf(!canMount || !hasPostgres)("of many hosts runs to its end at a server", async () => {
    const server = await Server.start();
    onTestFinished(() => server.remove());
    const db = new pg.Client(server.url());
    await db.connect();
    onTestFinished(() => db.end());
    const page = "docs/many-hosts.md";
    const [create = "", update = ""] = statements(page, "Fencing");
    await db.query(create);
    await db.query("INSERT INTO servers (name) VALUES ('main')");
    const given = `
      import pg from "pg";
      globalThis.db = new pg.Pool({ connectionString: process.env.DATABASE_URL, allowExitOnIdle: true });
      globalThis.UPDATE = ${JSON.stringify(update)};
      globalThis.id = "of the program";
      globalThis.backup = async ({ signal }) => signal.throwIfAborted();
      globalThis.recordBackup = (token) => db.query("UPDATE servers SET fence = $1", [String(token)]);
    `;
    const all = programs(page);
    const run = project({ ...sources(all), "given.mjs": given });
    expect(run(TSC)).toEqual(fine);
    const at = ["env", `DATABASE_URL=${server.url()}`, process.execPath, "--import", "./given.mjs"];
    for (const [name] of all) {
      expect([name, run(...onOwnDirectories, ...at, `dist/${name}.js`)]).toEqual([name, fine]);
    }
    const { rows } = await db.query("SELECT last_backup, fence > 0 AS fenced FROM servers");
    expect(rows).toEqual([{ last_backup: "of the program", fenced: true }]);
  });
});
