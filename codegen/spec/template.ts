import { NAME_MAX } from "../../src/name.js";
import type { Token } from "../model.js";
import { faultInName } from "./legal-text.js";
import { didYouMean } from "./suggest.js";

/** Something wrong with a template, and the code units of it that are meant. */
interface TemplateFault {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** A template in parts, with all that is wrong with it. Neighbouring literals are one token. */
export interface ParsedTemplate {
  readonly tokens: readonly Token[];
  readonly faults: readonly TemplateFault[];
}

/**
 * Parses a template: literal text, `{parameter}`s, and `{{` and `}}` for braces that stand for
 * themselves.
 */
export function parseTemplate(template: string, declared: ReadonlySet<string>): ParsedTemplate {
  const tokens: Token[] = [];
  const faults: TemplateFault[] = [];
  const seen = new Set<string>();
  let literal = "";
  const endLiteral = () => {
    if (literal !== "") tokens.push({ literal });
    literal = "";
  };

  for (let at = 0; at < template.length; ) {
    const two = template.slice(at, at + 2);
    const one = template.charAt(at);
    if (two === "{{" || two === "}}") {
      literal += one;
      at += 2;
    } else if (one === "}") {
      faults.push({ from: at, to: at + 1, message: UNMATCHED });
      at += 1;
    } else if (one === "{") {
      const length = template.slice(at + 1).search(/[{}]/u);
      if (length < 0 || template.charAt(at + 1 + length) === "{") {
        const to = length < 0 ? template.length : at + 1 + length;
        faults.push({ from: at, to, message: UNCLOSED });
        at = to;
        continue;
      }
      const to = at + length + 2;
      const parameter = template.slice(at + 1, to - 1);
      const message = parameterFault(parameter, declared, seen);
      if (message !== null) faults.push({ from: at, to, message });
      endLiteral();
      tokens.push({ parameter });
      seen.add(parameter);
      at = to;
    } else {
      literal += one;
      at += 1;
    }
  }
  endLiteral();
  faults.push(...nameFaults(template, tokens));
  return { tokens, faults };
}

const UNMATCHED = 'this "}" has no "{" before it; a brace that stands for itself is written "}}"';
const UNCLOSED = 'this "{" is not closed by "}"; a brace that stands for itself is written "{{"';

function parameterFault(
  parameter: string,
  declared: ReadonlySet<string>,
  seen: ReadonlySet<string>,
): string | null {
  if (parameter === "") return 'name the parameter between the braces: "{name}"';
  if (seen.has(parameter)) {
    return `the parameter "${parameter}" occurs twice: a name could not tell its two values apart`;
  }
  if (declared.has(parameter)) return null;
  const trimmed = parameter.trim();
  if (declared.has(trimmed)) return `write "{${trimmed}}", without spaces`;
  const hint = didYouMean(parameter, declared) || ': declare it under "parameters"';
  return `the parameter "${parameter}" is not declared${hint}`;
}

/** What is wrong with the text as a file name. */
function nameFaults(template: string, tokens: readonly Token[]): TemplateFault[] {
  const whole = { from: 0, to: template.length };
  const faults: TemplateFault[] = [];
  const fault = faultInName(template);
  if (fault !== null) {
    faults.push({ ...fault, message: `a template cannot hold ${fault.what}` });
  }
  for (const { index, 0: spaces } of template.matchAll(/^ +| +$/gu)) {
    faults.push({
      from: index,
      to: index + spaces.length,
      message: "a template cannot begin or end with a space, which nobody sees: remove it",
    });
  }
  const slash = template.indexOf("/");
  if (slash >= 0) {
    const message =
      'a template is one file name and cannot hold "/": the directory is given at run time';
    faults.push({ from: slash, to: slash + 1, message });
  }
  const fixed = tokens.map((token) => ("literal" in token ? token.literal : "")).join("");
  const parameters = tokens.filter((token) => "parameter" in token).length;
  if (parameters === 0 && (fixed === "." || fixed === "..")) {
    faults.push({ ...whole, message: `"${fixed}" is a directory, not a file name` });
  }
  // A value has at least one byte.
  const least = Buffer.byteLength(fixed) + parameters;
  if (least > NAME_MAX) {
    const message = `a file name has at most ${NAME_MAX} bytes; this one would have at least ${least}`;
    faults.push({ ...whole, message });
  }
  return faults;
}
