import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindsOf } from "../../codegen/in-memory.js";
import { generate } from "../../codegen/index.js";
import { barman } from "../../generated/index.js";
import type { Catalogue } from "../../src/catalogue/catalogue.js";
import { catalogueOf } from "../../src/cli/spec-catalogue.js";
import { LockFile } from "../../src/lock-file.js";
import { temporaryDirectory } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { catalogueText } from "./catalogues.js";

const GOLDEN = path.join(ROOT, "test/codegen/golden");

/** The catalogue that a generated index exports. */
async function generatedIn(directory: string): Promise<Catalogue<LockFile>> {
  const index = readdirSync(directory).find((file) => /^index\.(?:ts|js|mjs)$/u.test(file)) ?? "";
  const module: object = await import(pathToFileURL(path.join(directory, index)).href);
  const found = Object.values(module).find((one) => "kinds" in one && "identify" in one);
  if (found === undefined) throw new Error(`no catalogue in ${directory}`);
  return found;
}

/**
 * The names that a generated truth table is about: those of `roundTrip` and those of `reads`; where the spec wants no
 * tests, what stands in the reference as code.
 */
function namesIn(directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const table = files.find((file) => /\.test\.\w+$/u.test(file));
  if (table === undefined) {
    const reference = files.find((file) => file.endsWith("LOCKS.md")) ?? "";
    const spans = readFileSync(path.join(directory, reference), "utf8").matchAll(
      /`(?<code>[^`]+)`/gu,
    );
    return [...spans].map(({ groups }) => groups?.["code"] ?? "");
  }
  const text = readFileSync(path.join(directory, table), "utf8");
  const calls = text.matchAll(/\b(?:roundTrip|reads)\((?<args>[\s\S]*?)\);\n/gu);
  return [...calls].flatMap(({ groups }) => {
    const strings = (groups?.["args"] ?? "").match(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gu) ?? [];
    // All of them, values included: what is no name is read by nobody, in both alike.
    return strings.map((literal) => String(new Function(`return ${literal}`)()));
  });
}

/** All that can be told of a kind from outside. */
function kindsIn({ name, kinds }: Catalogue<LockFile>): unknown {
  const statics = Object.keys(LockFile).filter((key) => /^[A-Z]/u.test(key));
  expect(statics).toContain("TEMPLATE");
  return {
    name,
    kinds: kinds.map((kind) => [
      kind.name,
      Object.fromEntries(statics.map((key) => [key, Reflect.get(kind, key)])),
    ]),
  };
}

/** All that can be told of a lock, and of another that is made of its values. */
function lockIn({ kinds }: Catalogue<LockFile>, lock: LockFile | null): unknown {
  if (lock === null) return null;
  const kind = kinds.find(({ name }) => name === lock.kind);
  if (kind === undefined) throw new Error(`no class ${lock.kind}`);
  const values = Object.keys(kind.PARAMETERS).map((key) => [key, Reflect.get(lock, key)] as const);
  const given = kind.NAMED ? [Object.fromEntries(values)] : values.map(([, value]) => value);
  const made = kind as unknown as typeof LockFile;
  const isPlaced = (kind.DIRECTORY ?? null) !== null;
  const all = isPlaced
    ? [...given, { timeout: 1, directory: "/elsewhere" }]
    : ["/elsewhere", ...given, { timeout: 1 }];
  const again: LockFile = Reflect.construct(made, all);
  return {
    isOfKind: lock instanceof made,
    own: { ...lock },
    again: { ...again },
    text: lock.toString(),
    called: lock.constructor.name,
  };
}

function expectSame(made: Catalogue<LockFile>, generated: Catalogue<LockFile>, names: string[]) {
  expect(kindsIn(made)).toEqual(kindsIn(generated));
  let read = 0;
  for (const name of names) {
    const file = path.resolve("/locks", name);
    const expected = lockIn(generated, generated.identify(file));
    if (expected !== null) read++;
    expect(lockIn(made, made.identify(file)), name).toEqual(expected);
    for (const [at, kind] of generated.kinds.entries()) {
      expect(lockIn(made, made.kinds[at]?.buildIfMatches(file) ?? null), name).toEqual(
        lockIn(generated, kind.buildIfMatches(file)),
      );
    }
  }
  return read;
}

describe("a catalogue made of its spec in memory", () => {
  it.each(readdirSync(GOLDEN))("is the one that is generated: %s", async (name) => {
    const directory = path.join(GOLDEN, name, "generated");
    const generated = await generatedIn(directory);
    const made = catalogueOf(kindsOf(path.join(GOLDEN, name, "locks.yaml")));
    expect(made.kinds.length).toBeGreaterThan(0);
    const isReadable = made.kinds.some(({ LOCK_PATTERN }) => LOCK_PATTERN !== null);
    expect(expectSame(made, generated, namesIn(path.dirname(directory))) > 0).toBe(isReadable);
  });

  it("is Barman's, for Barman's spec", () => {
    const made = catalogueOf(kindsOf("locks.yaml", ROOT));
    const names = namesIn(path.join(ROOT, "generated"));
    expect(expectSame(made, barman, names)).toBeGreaterThan(10);
  });

  it("refuses the values that the generated classes refuse, in the same words", async () => {
    const directory = path.join(GOLDEN, "named-values");
    const made = catalogueOf(kindsOf(path.join(directory, "locks.yaml")));
    const generated = await generatedIn(path.join(directory, "generated"));
    const told = (catalogue: Catalogue<LockFile>) =>
      [
        ["ShardLock", { table: "users", job: "split", shard: 1024 }],
        ["ShardLock", { table: "users", job: "none", shard: 1 }],
        ["ShardLock", "users", "split", 1],
        ["ShardLock"],
        ["BackupIdLock", { server: "a/b", backup: "1T1" }],
        ["PlainLock", { server: "main" }],
        ["PlainLock", "main", { timeout: -1 }],
        ["GlobalLock", "main"],
      ].map(([name, ...given]) => {
        const kind = catalogue.kinds.find((one) => one.name === name);
        try {
          return Reflect.construct(kind as unknown as typeof LockFile, ["/locks", ...given]);
        } catch (error) {
          return String(error);
        }
      });
    const messages = told(made);
    expect(messages).toEqual(told(generated));
    for (const message of messages) expect(message).toMatch(/Error.*: ./u);
  });

  it("is the one that is generated, whatever the spec", async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(catalogueText, async (text) => {
        const cwd = temporaryDirectory();
        const runtime = pathToFileURL(path.join(ROOT, "src/index.ts")).pathname;
        writeFileSync(
          path.join(cwd, "locks.yaml"),
          `${text}runtime: ${path.relative(path.join(cwd, "generated"), runtime).replace(/ts$/u, "js")}\n`,
        );
        const { problems } = generate({ cwd });
        fc.pre(problems.length === 0);
        count++;
        const directory = path.join(cwd, "generated");
        const made = catalogueOf(kindsOf("locks.yaml", cwd));
        expectSame(made, await generatedIn(directory), namesIn(cwd));
      }),
      { numRuns: 20 },
    );
    // Runs that are given up do not count.
    expect(count).toBeGreaterThanOrEqual(20);
  });
});
