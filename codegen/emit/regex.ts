import { ANY_VALUE } from "../../src/name.js";
import type { Kind, Parameter } from "../model.js";
import { parsePattern } from "../spec/pattern.js";

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

function valuePattern(pattern: string | null): string {
  return pattern ?? ANY_VALUE;
}

function escapeLiteral(literal: string): string {
  const escaped = literal.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
  // Two spaces look like one.
  return escaped.replace(/ {2,}/gu, ({ length }) => ` {${length}}`);
}
