import { relative } from "node:path";
import { type Node, Project } from "ts-morph";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/root.js";
import { publicSymbols } from "./public-symbols.js";
import { lacksOf } from "./rules.js";

const ENTRIES = ["src/index.ts", "src/testing.ts", "codegen/index.ts", "generated/index.ts"];

describe("the package", () => {
  it("documents every public symbol, with its nulls, units, waits and errors", () => {
    const project = new Project({ tsConfigFilePath: `${ROOT}/tsconfig.json` });
    const symbols = publicSymbols(
      ENTRIES.map((file) => project.getSourceFileOrThrow(`${ROOT}/${file}`)),
    );
    const lacking = symbols.flatMap((symbol) =>
      lacksOf(symbol).map((lack) => `${placeOf(symbol.node)}: ${symbol.name} ${lack}`),
    );
    expect(symbols.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["LockFile.acquire", "ServerBackupLock.serverName", "Place.start"]),
    );
    expect(lacking).toEqual([]);
  });
});

describe("what is checked", () => {
  it.each<readonly [claim: string, source: string, lacks: readonly string[]]>([
    ["an export", "export const a: string = '';", ["a has no doc comment"]],
    [
      "a member, unless it is private",
      "/** Holds it. */ export class A { x = ''; protected y(): void {} #z = ''; private w = ''; }",
      ["A.x has no doc comment", "A.y has no doc comment"],
    ],
    [
      "a type that only a signature mentions, and what that mentions",
      "/** Does it. */ export function f(o: O): void {} interface O {\n/** For it. */ p: P }\n" +
        "type P = { q: string }; interface Unseen { r: string }",
      ["O has no doc comment", "P has no doc comment", "P.q has no doc comment"],
    ],
    [
      "a key of a constant object",
      "/** All names. */ export const A = { b: 'c' } as const;",
      ["A.b has no doc comment"],
    ],
    [
      "a comment that only repeats the name",
      "/** The lock file of this. */ export const lockFile: string = '';",
      ["lockFile has a doc comment that only repeats its name"],
    ],
    [
      "a null",
      "/** Finds it. */ export function f(): string | null { return null; }",
      ["f does not say when it is null"],
    ],
    [
      "a number",
      "/** Measures it. */ export function f(): number { return 1; }",
      ["f does not say what its number counts"],
    ],
    [
      "a promise",
      "/** Takes it. */ export async function f(): Promise<void> {}",
      ["f does not say what it waits for, or that it does not"],
    ],
    [
      "an error, of its own or of a function that it calls",
      "/** Takes it. */ export function f(): void { g(); } const g = () => { throw new RangeError(); };\n" +
        "/** Takes it. @throws RangeError for ever. */ export function h(): void { f(); }",
      ["f does not say what it throws"],
    ],
  ])("is %s", (_claim, source, lacks) => {
    expect(judge(source)).toEqual(lacks);
  });

  it.each<readonly [claim: string, source: string]>([
    [
      "what is inherited",
      "/** Holds it. */ export class A {\n/** May throw. */ f(): void {}\n/** Takes it. */ static s = ''; }\n" +
        "/** Holds more. */ export class B extends A { override f(): void { throw new RangeError(); }\n" +
        "  static override s = 'b'; }",
    ],
    [
      "the case that a property tells",
      "/** One case. */ export interface A { state: 'a'; nothing: null }",
    ],
    [
      "an error that is caught, or that cannot be",
      "/** Tries it. */ export function f(): void { try { throw new RangeError(); } catch (error) { throw error; }\n" +
        "  throw new Error('assertion'); }",
    ],
    [
      "the inside of a function",
      "/** Does it. */ export function f(): void { class A { x = ''; } }",
    ],
    ["a type of another package", "/** Waits for it. */ export type A = Map<string, Date>;"],
  ])("is not %s", (_claim, source) => {
    expect(judge(source)).toEqual([]);
  });
});

const madeUp = new Project({ useInMemoryFileSystem: true, compilerOptions: { strict: true } });

function judge(source: string): string[] {
  const symbols = publicSymbols([madeUp.createSourceFile("/a.ts", source, { overwrite: true })]);
  return symbols.flatMap((symbol) => lacksOf(symbol).map((lack) => `${symbol.name} ${lack}`));
}

function placeOf(node: Node): string {
  return `${relative(ROOT, node.getSourceFile().getFilePath())}:${node.getStartLineNumber()}`;
}
