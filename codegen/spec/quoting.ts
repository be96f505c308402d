import { type Document, isCollection, parseAllDocuments, Scalar, visit } from "yaml";
import { defined } from "../defined.js";
import type { Problem } from "../model.js";

/** The YAML of a spec, and what of it YAML takes for something else than the text that was meant. */
interface Meant {
  readonly documents: readonly Document[];
  /** The strings that were meant, by where they begin; the documents have a placeholder of the same length there. */
  readonly strings: ReadonlyMap<number, string>;
  readonly problems: readonly Problem[];
}

/**
 * Parses the YAML of a spec. A value without the quotes that it needs, such as `template: {server}.lock` or
 * `pattern: "\d+"`, is a problem, and the rest is read as if it had them: the parser would say odd things of it,
 * and of every line below it.
 */
export function parseAsMeant(text: string): Meant {
  let misquoted = misquotedIn(text);
  for (;;) {
    const documents = parse(masked(text, misquoted));
    const plain = plainScalars(documents);
    // A line of a block of prose looks alike, and needs no quotes.
    const isRight = ({ start, written }: Misquoted) => plain.get(start) === mask(written);
    if (misquoted.every(isRight)) {
      return {
        documents,
        strings: new Map(misquoted.map(({ start, meant }) => [start, meant])),
        problems: misquoted.map(({ start, written, message }) => ({
          place: { start, end: start + written.length },
          message,
        })),
      };
    }
    misquoted = misquoted.filter(isRight);
  }
}

/**
 * Why YAML does not take a value for the text that was meant, and how to write it; `null` if it does.
 *
 * @param key The key of the value; `null` for an item of a list.
 * @param written The value with its quotes: one line, without a comment.
 */
export function quotingFault(
  key: string | null,
  written: string,
): { readonly message: string; readonly meant: string } | null {
  // Of the keys whose lines are looked at, this one may be a map.
  if (key === "deprecated" && /^\{\s*(?:since|use|note)\s*:/u.test(written)) return null;
  const fault = /^["']/u.test(written) ? faultInQuoted(key, written) : faultInPlain(key, written);
  if (fault === null) return null;
  const { reason, meant } = fault;
  const what = key === null || key === "deprecated" ? "it" : `the ${key}`;
  const how = written.startsWith('"') ? `write ${what} in single quotes` : `quote ${what}`;
  return { message: `${reason}: ${how}, '${meant.replaceAll("'", "''")}'`, meant };
}

interface Misquoted {
  readonly start: number;
  readonly written: string;
  readonly meant: string;
  readonly message: string;
}

const VALUE = /^(?<indent> *)(?:(?<key>template|pattern|description|deprecated) *: +|- +)(?=\S)/u;

/** The lines of a spec whose value needs other quotes, as far as the lines by themselves tell. */
function misquotedIn(text: string): readonly Misquoted[] {
  const found: Misquoted[] = [];
  const anchors = new Set(text.match(/&\S+/gu));
  const lines = Array.from(text.matchAll(/[^\r\n]+/gu)).filter(([line]) => line.trim() !== "");
  for (const [at, { index, 0: line }] of lines.entries()) {
    const { 0: before = "", groups: { indent = "", key = null } = {} } = VALUE.exec(line) ?? {};
    const next = lines[at + 1]?.[0] ?? "";
    // Of a value that goes on below, there is no short way to say how it should be written.
    const goesOn = !/^\s*#/u.test(next) && next.search(/\S/u) > indent.length;
    if (before === "" || goesOn) continue;
    const written = withoutComment(line.slice(before.length));
    // An alias of something that is there is meant as one.
    if (written.startsWith("*") && anchors.has(`&${written.slice(1)}`)) continue;
    const fault = quotingFault(key, written);
    if (fault !== null) found.push({ start: index + before.length, written, ...fault });
  }
  return found;
}

const QUOTED = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/u;

/** A pattern may hold "#", but a comment that a person writes has a space on either side of it. */
function withoutComment(rest: string): string {
  const quoted = QUOTED.exec(rest)?.[0] ?? "";
  if (quoted !== "" && /^\s*(?:\s#.*)?$/u.test(rest.slice(quoted.length))) return quoted;
  const comment = rest.search(/\s#(?:\s|$)/u);
  return rest.slice(0, comment === -1 ? rest.length : comment).trimEnd();
}

interface Fault {
  readonly reason: string;
  readonly meant: string;
}

/** What YAML takes a value for that begins with one of its signs. */
const SIGNS: readonly (readonly [beginning: RegExp, what: string])[] = [
  [/^\{/u, "is a map"],
  [/^\[/u, "is a list"],
  [/^[@`%,\]}]/u, "is not allowed"],
  [/^\*/u, "is an alias"],
  // With text behind them, they are meant.
  [/^&(?![\w-]+\s)/u, "is an anchor"],
  [/^!(?!!?\w+\s)/u, "is a tag"],
  [/^#\S/u, "is a comment"],
  [/^[|>](?![1-9+-]{0,2}$)/u, "is a block of lines"],
  [/^-(?:\s|$)/u, "is a list"],
  [/^\?(?:\s|$)/u, "is a key"],
];

function faultInPlain(key: string | null, meant: string): Fault | null {
  const isMap = /:(?:\s|$)/u.test(meant);
  // A map in a list is one more level of a spec, and no text.
  if (key === null && isMap) return null;
  const what = SIGNS.find(([beginning]) => beginning.test(meant))?.[1];
  if (what !== undefined) {
    return { reason: `a value that begins with "${meant.charAt(0)}" ${what} in YAML`, meant };
  }
  // No comment that a person writes begins like that.
  if (/\s#\{/u.test(meant)) return { reason: 'what follows " #" is a comment in YAML', meant };
  if (!isMap) return null;
  const where = meant.endsWith(":") ? 'that ends with ":"' : 'with ": " in it';
  return { reason: `a value ${where} is a map in YAML`, meant };
}

/** Escapes that a person writes on purpose: in a pattern the others would be for the regular expression. */
const ESCAPES = String.raw`[\\"/ ]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}`;
const MEANT_ESCAPES = new RegExp(String.raw`\\(?:${ESCAPES})`, "gu");
const ALL_ESCAPES = new RegExp(String.raw`\\(?:${ESCAPES}|[abe0fnr_tvN\tLP])`, "gu");

function faultInQuoted(key: string | null, written: string): Fault | null {
  const quote = written.charAt(0);
  const quoted = QUOTED.exec(written)?.[0];
  // Where the end is missing, it may be on another line.
  if (quoted === undefined) return null;
  if (quoted !== written) {
    const inner = written.endsWith(quote) ? written.slice(1, -1) : written.replaceAll(quote, "");
    return { reason: `a value that begins with a quote ends with the next one`, meant: inner };
  }
  if (quote === "'") return null;
  const inner = written.slice(1, -1);
  const legal = key === "pattern" ? MEANT_ESCAPES : ALL_ESCAPES;
  const taken = /\\./u.exec(inner.replace(legal, ""))?.[0];
  if (taken === undefined) return null;
  const meant = inner.replace(/\\([\\"/ ])/gu, "$1");
  return { reason: `in double quotes YAML takes "${taken}" for an escape of its own`, meant };
}

function mask(written: string): string {
  return "x".repeat(written.length);
}

function masked(text: string, misquoted: readonly Misquoted[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, written } of misquoted) {
    parts.push(text.slice(at, start), mask(written));
    at = start + written.length;
  }
  return parts.join("") + text.slice(at);
}

function parse(text: string): readonly Document[] {
  return parseAllDocuments(text, {
    prettyErrors: false,
    // Said better by the reader, with both places.
    uniqueKeys: false,
    version: "1.2",
    schema: "core",
  });
}

/** Scalars without quotes, by where they begin. Between braces, what follows a value on its line is no part of it. */
function plainScalars(documents: readonly Document[]): ReadonlyMap<number, unknown> {
  const found = new Map<number, unknown>();
  for (const document of documents) {
    visit(document, {
      Scalar: (_, { type, range, value }, ancestors) => {
        const isInBraces = ancestors.some((node) => isCollection(node) && node.flow === true);
        if (type === Scalar.PLAIN && !isInBraces) found.set(defined(range)[0], value);
      },
    });
  }
  return found;
}
