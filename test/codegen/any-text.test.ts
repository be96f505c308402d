import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { ts } from "ts-morph";
import { expect, test } from "vitest";
import { emit, load } from "../../codegen/index.js";
import { type AnySpec, anySpec, specText } from "./any-text.js";

const LONG = process.env["TORTURE"] === "long";
const SEED = LONG ? Date.now() % 2 ** 31 : 20_260_103;
const RUNS = LONG ? 3_000 : 250;

/** What the text of a spec's files must not change. */
const PLAIN = "Plain.";

const markdown = new MarkdownIt({ html: true });
// Shows "%5E" of a URL as "^" otherwise, which is its own taste.
markdown.normalizeLinkText = (url) => url;

test("whatever a spec says, the code is the code of a plain spec, and comments and LOCKS.md say the same", () => {
  let legal = 0;
  fc.assert(
    fc.property(
      anySpec,
      fc.constantFrom("locks.yaml", "a @b */.yaml", "-->\u2028.yaml"),
      (spec, file) => {
        const files = emitted(spec, file);
        if (files === null) return;
        legal += 1;
        expectPlainCode(files, spec);
        expectMeaning(files, spec);
        expectComments(files, spec);
        expectReference(files, spec);
      },
    ),
    { seed: SEED, numRuns: RUNS },
  );
  expect(legal, `seed ${SEED}: legal specs`).toBeGreaterThan(RUNS / 5);
});

type Files = ReadonlyMap<string, string>;

function emitted(spec: AnySpec, file = "locks.yaml"): Files | null {
  const loaded = load({ file, text: specText(spec) });
  return loaded.spec === null ? null : emit(loaded.spec, loaded.proof);
}

/** Without its comments, the code is what plain descriptions give. */
function expectPlainCode(files: Files, spec: AnySpec): void {
  const plain = emitted({
    description: PLAIN,
    value: { ...spec.value, description: PLAIN },
    first: {
      ...spec.first,
      description: PLAIN,
      ...(spec.first.deprecated === undefined ? {} : { deprecated: PLAIN }),
    },
    second: { ...spec.second, description: PLAIN },
  });
  for (const [name, text] of files) {
    if (!name.endsWith(".ts")) continue;
    const { diagnostics } = ts.transpileModule(text, {
      reportDiagnostics: true,
      compilerOptions: { target: ts.ScriptTarget.ES2022 },
    });
    expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
    expect(withoutComments(text)).toBe(withoutComments(plain?.get(name) ?? ""));
  }
}

function withoutComments(text: string): string {
  return ts.createPrinter({ removeComments: true }).printFile(parse(text));
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("file.ts", text, ts.ScriptTarget.ES2022, true);
}

/** Template and regular expressions are those of the spec. */
function expectMeaning(files: Files, spec: AnySpec): void {
  for (const [name, { template }] of [
    ["FirstLock", spec.first],
    ["SecondLock", spec.second],
  ] as const) {
    expect(constant(files, name, "TEMPLATE")).toBe(template);
  }
  const { pattern = "[^/]+", examples = [] } = spec.value;
  const before = new RegExp(`^(?:${pattern})$`, "u");
  const after = Reflect.get(Object(constant(files, "FirstLock", "PARAMETERS")), "value");
  const name = constant(files, "FirstLock", "LOCK_PATTERN");
  const [start = "", end = ""] = spec.first.template
    .split("{value}")
    .map((text) => text.replace(/(?<brace>[{}])\k<brace>/gu, "$<brace>"));
  for (const value of [...examples, ...samples(pattern)]) {
    expect(after.test(value), `${after} ${JSON.stringify(value)}`).toBe(before.test(value));
    const match = name instanceof RegExp ? name.exec(start + value + end) : null;
    expect(match?.groups?.["value"] === value).toBe(before.test(value));
  }
}

/** Texts that a pattern may or may not match: its own characters, alone and together. */
function samples(pattern: string): readonly string[] {
  const characters = [...new Set(pattern)];
  const pairs = characters.slice(0, 8).flatMap((a) => characters.slice(0, 8).map((b) => a + b));
  return [...characters, ...pairs, "a b", "a  b", "a   b", "A", "😀", "${x}", pattern];
}

/** The value of a static member, as JavaScript reads it. */
function constant(files: Files, kind: string, member: string): unknown {
  let text = "";
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyDeclaration(node) && node.name.getText() === member) {
      text = node.initializer?.getText() ?? "";
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(files.get(`${kind}.ts`) ?? ""));
  return new Function(`return ${text}`)();
}

/** Every description is in the comment of what it is about, whole, and begins no tag of its own. */
function expectComments(files: Files, spec: AnySpec): void {
  const { FirstLock, SecondLock, value } = documented(files, "FirstLock", "SecondLock");
  expect(FirstLock?.text.startsWith(unescaped(spec.first.description)), FirstLock?.text).toBe(true);
  expect(SecondLock?.text.startsWith(unescaped(spec.second.description)), SecondLock?.text).toBe(
    true,
  );
  expect(value?.text).toBe(unescaped(spec.value.description));
  expect([FirstLock?.tags, SecondLock?.tags, value?.tags]).toEqual([
    ["generated"],
    ["generated"],
    [],
  ]);

  const index = documented(files, "index");
  expect(index["anyText"]?.text.startsWith(unescaped(spec.description))).toBe(true);
  expect(index["anyText"]?.tags).toEqual([]);
  const { deprecated } = spec.first;
  const expected = deprecated === undefined ? undefined : `@deprecated ${unescaped(deprecated)}`;
  expect(index["FirstLock"]?.text).toBe(expected);
}

interface Comment {
  readonly text: string;
  readonly tags: readonly string[];
}

/** The documentation comments of files by the name of what they document. */
function documented(files: Files, ...names: readonly string[]): Readonly<Record<string, Comment>> {
  const comments: Record<string, Comment> = {};
  for (const name of names) {
    const visit = (node: ts.Node): void => {
      const own = node.getChildren().filter(ts.isJSDoc);
      for (const doc of own) {
        const tags = (doc.tags ?? []).map((tag) => tag.tagName.text);
        const what = ts.isVariableStatement(node)
          ? node.declarationList.declarations[0]?.name
          : Reflect.get(node, "name");
        const text = unescaped(textOfComment(doc, tags));
        if (what !== undefined) comments[what.getText()] = { text, tags };
      }
      ts.forEachChild(node, visit);
    };
    visit(parse(files.get(`${name}.ts`) ?? ""));
  }
  return comments;
}

function textOfComment(doc: ts.JSDoc, tags: readonly string[]): string {
  // A link would be a node of its own.
  if (typeof doc.comment === "object") return `not plain: ${ts.getTextOfJSDocComment(doc.comment)}`;
  const [tag] = doc.tags ?? [];
  if (doc.comment !== undefined || tag === undefined) return doc.comment ?? "";
  return `@${tags[0]} ${ts.getTextOfJSDocComment(tag.comment)}`;
}

/** Text with single spaces, and without the escapes of comments. */
function unescaped(text: string): string {
  return words(text)
    .replaceAll("*\\/", "*/")
    .replaceAll(/(?<=^| |\{)\\@/gu, "@");
}

function words(text: string): string {
  return text
    .split(/[\s\u{85}\u{200b}]+/u)
    .filter((one) => one !== "")
    .join(" ");
}

/** LOCKS.md, rendered, has every description as plain text in its place. */
function expectReference(files: Files, spec: AnySpec): void {
  const blocks = inlineBlocks(files.get("LOCKS.md") ?? "");
  const place = (text: string) => blocks.indexOf(text);
  expect(blocks[0]).toBe("anyText");
  expect(blocks[1]).toBe(words(spec.description));
  const first = place("FirstLock");
  const second = place("SecondLock");
  const { deprecated, description } = spec.first;
  const notice = deprecated === undefined ? "" : `Deprecated: ${words(deprecated)} `;
  expect(blocks[first + 4]).toBe(notice + words(description));
  expect(second).toBe(first + 5);
  expect(blocks[second + 4]).toBe(words(spec.second.description));
  expect(blocks[second + 1]).toBe(shown(spec.second.template));
  expect(blocks[place("Meaning") + 4]).toBe(words(spec.value.description));
}

/** The text of each heading, paragraph and table cell. Throws at markup that nobody asked for. */
function inlineBlocks(text: string): readonly string[] {
  const tokens = markdown.parse(text, {});
  const kinds = tokens.map(({ type }) => type.replace(/_(?:open|close)$/u, ""));
  const odd = kinds.filter((kind) => !BLOCKS.has(kind));
  expect(odd).toEqual([]);
  return tokens.flatMap(({ type, children }) => {
    if (type !== "inline" || children === null) return [];
    return children
      .map((token) => {
        if (token.type === "html_inline" && /^<\/?code>$/u.test(token.content)) return "";
        if (token.type === "link_open") expect(token.attrGet("href")).toMatch(/^https?:/u);
        expect(INLINE, `${token.type} ${token.content}`).toContain(token.type);
        return token.content;
      })
      .join("");
  });
}

const BLOCKS = new Set(
  "html_block heading inline paragraph table thead tbody tr th td ordered_list bullet_list list_item".split(
    " ",
  ),
);
const INLINE = "text text_special code_inline link_open link_close strong_open strong_close".split(
  " ",
);

/** A name as a code span shows it. */
function shown(name: string): string {
  return name.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) => {
    const code = character.codePointAt(0)?.toString(16) ?? "";
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

test.each([
  ["https://example.org/_next/~user/a_b", "https://example.org/_next/~user/a_b"],
  ["see (https://example.org/a_b?c=d_), please", "https://example.org/a_b?c=d_"],
  ["https://example.org/a.", "https://example.org/a"],
])("the URL in %j is a link in LOCKS.md", (description, url) => {
  const value = { description: PLAIN };
  const first = { template: "a{value}", description };
  const second = { template: "b", description: PLAIN };
  const files = emitted({ description: PLAIN, value, first, second });
  const html = markdown.render(files?.get("LOCKS.md") ?? "");
  expect(html).toContain(`<a href="${url}">${url}</a>`);
});
