import { type AST, visitRegExpAST } from "@eslint-community/regexpp";
import { ANY_VALUE } from "../../src/name.js";
import type { Kind, Parameter } from "../model.js";
import { escaped, parsePattern } from "../spec/pattern.js";
import { visible } from "./text.js";

/**
 * The regular expression that names of a kind match, as source text: one group per parameter,
 * anchored at both ends.
 */
export function nameRegex(kind: Kind, parameters: ReadonlyMap<string, Parameter>): string {
  const body = kind.tokens.map((token) =>
    "literal" in token
      ? escapeLiteral(token.literal)
      : `(?<${token.parameter}>${valuePattern(parameters.get(token.parameter)?.pattern ?? null)})`,
  );
  return `/^${body.join("")}$/u`;
}

/** The regular expression that a whole value matches, as source text. */
export function valueRegex(pattern: string | null): string {
  const source = valuePattern(pattern);
  // Without a group, the anchors would belong to the first and last alternative only.
  const isChoice = parsePattern(source).alternatives.length > 1;
  return isChoice ? `/^(?:${source})$/u` : `/^${source}$/u`;
}

/**
 * A pattern in the form that linters of generated code accept: `[\w\.\-]  x` becomes `[\w.-] {2}x`, and
 * spaces that look like the common one are escapes.
 */
function valuePattern(pattern: string | null): string {
  if (pattern === null) return ANY_VALUE;
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  visitRegExpAST(parsePattern(pattern), {
    onCharacterEnter: (node) => {
      if (isNeedlessEscape(node)) edits.push({ ...node, text: node.raw.slice(1) });
      if (isSecondSpace(node)) edits.push({ ...node, text: "" });
    },
    onAlternativeEnter: ({ elements }) => {
      for (const run of spaceRuns(elements))
        edits.push({ ...run, text: ` {${run.end - run.start}}` });
    },
  });
  let text = pattern;
  for (const edit of edits.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  return visible(text);
}

/** Whether a character of a class means the same without its backslash. */
function isNeedlessEscape({ raw, parent, start, end }: AST.Character): boolean {
  if (parent.type === "CharacterClassRange") return /^\\[.$*+?()[{}|/]$/u.test(raw);
  if (parent.type !== "CharacterClass") return false;
  const first = parent.start + (parent.negate ? "[^" : "[").length;
  if (raw === "\\-") return start === first || end === parent.end - "]".length;
  if (raw === "\\^") return start !== first;
  return /^\\[.$*+?()[{}|/]$/u.test(raw);
}

/** Whether a character of a class is a space beside another, which linters want counted even there. */
function isSecondSpace(node: AST.Character): boolean {
  const { raw, parent } = node;
  if (raw !== " " || parent.type !== "CharacterClass") return false;
  return parent.elements[parent.elements.indexOf(node) - 1]?.raw === " ";
}

/** Where two or more spaces stand side by side. */
function spaceRuns(elements: readonly AST.Element[]): readonly { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (const { type, raw, start, end } of elements) {
    if (type !== "Character" || raw !== " ") continue;
    const last = runs.at(-1);
    if (last?.end === start) last.end = end;
    else runs.push({ start, end });
  }
  return runs.filter((run) => run.end - run.start > 1);
}

function escapeLiteral(literal: string): string {
  // Two spaces look like one.
  return visible(escaped(literal).replace(/ {2,}/gu, ({ length }) => ` {${length}}`));
}
