import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, visit, type YAMLError } from "yaml";
import { defined } from "../defined.js";
import { HOME } from "../home.js";
import type { Place, Problem, Source } from "../model.js";
import { faultInName, withoutFaults } from "./legal-text.js";
import { Places } from "./places.js";
import { parseAsMeant } from "./quoting.js";

/** A spec as plain values, and where each of them is in the text. */
export interface SpecText {
  readonly source: Source;
  /** Maps without a prototype, arrays and scalars; `null` if the text is not a single YAML map. */
  readonly value: Readonly<Record<string, unknown>> | null;
  readonly places: Places;
  readonly problems: readonly Problem[];
}

/**
 * Reads the YAML 1.2 of a spec. What YAML offers beyond maps, lists and scalars is refused, so that
 * what a person sees in the file is what the generator works with.
 */
export function read(source: Source): SpecText {
  const places = new Places(source.text);
  const encoding = encodingProblem(source.text);
  if (encoding !== null) return { source, value: null, places, problems: [encoding] };
  const { documents, strings, problems: misquoted } = parseAsMeant(source.text);
  const unreadable = (problems: readonly Problem[]): SpecText => ({
    source,
    value: null,
    places,
    problems: [...misquoted, ...problems],
  });
  const beginning = { start: 0, end: 0 };

  const [document, second] = documents;
  if (document === undefined) {
    return unreadable([{ place: beginning, message: EMPTY }]);
  }
  const faults = documents.flatMap((one) => [...one.errors, ...one.warnings]);
  const indentation = indentationProblems(source.text);
  if (faults.length > 0) {
    // What else is wrong comes of these, if there are any.
    if (indentation.length > 0) return unreadable(indentation);
    return unreadable(faults.map((fault) => syntaxProblem(fault, source.text)));
  }
  if (second !== undefined) {
    return unreadable([{ place: span(second.contents, source.text), message: SEVERAL }]);
  }
  const root = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    return unreadable([{ place: beginning, message: EMPTY }]);
  }
  if (!isMap(root)) {
    return unreadable([{ place: span(root, source.text), message: isSeq(root) ? LIST : SCALAR }]);
  }

  const problems: Problem[] = [];
  /** `mark` stands before the node, which itself is what it is put on. */
  const refuse = (node: unknown, mark: string, message: string) => {
    const place = span(node, source.text);
    const start = mark === "" ? -1 : source.text.lastIndexOf(mark, place.start);
    problems.push({
      place: start < 0 ? place : { start, end: start + mark.length },
      message,
    });
  };
  let aliased = false;
  visit(root, {
    Alias: (_, node) => {
      aliased = true;
      refuse(node, "", `the alias "*${node.source}" is not allowed here: write the value out`);
    },
    Value: (_, node) => {
      if (node.anchor !== undefined) {
        refuse(
          node,
          `&${node.anchor}`,
          `the anchor "&${node.anchor}" is not allowed here: remove it`,
        );
      }
      if (node.tag !== undefined && !IMPLIED_TAGS.has(node.tag)) {
        const tag = node.tag.replace(/^tag:yaml\.org,2002:/u, "!!");
        refuse(node, tag, `the tag "${tag}" is not allowed here: remove it`);
      }
    },
  });
  // With an alias left out, every message that follows would be about the gap.
  if (aliased) return unreadable(problems);

  const misindented = new Set(indentation.map((problem) => problem.place.start));
  let isMisindented = false;
  const convert = (node: unknown, path: readonly string[]): unknown => {
    if (isMap(node)) return convertMap(node.items, path);
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const at = [...path, String(index)];
        places.set(at, { key: span(item, source.text), value: span(item, source.text) });
        return convert(item, at);
      });
    }
    return isScalar(node) ? (strings.get(defined(node.range)[0]) ?? node.value) : null;
  };
  const convertMap = (items: readonly Pair<unknown, unknown>[], path: readonly string[]) => {
    const map: Record<string, unknown> = Object.create(null);
    const seen = new Map<string, Place>();
    for (const { key: keyNode, value: valueNode } of items) {
      const place = span(keyNode, source.text);
      const written = isScalar(keyNode) ? keyNode.value : undefined;
      if (typeof written !== "string") {
        problems.push({
          place,
          message: keyMessage(written, source.text.slice(place.start, place.end)),
        });
        continue;
      }
      const fault = faultInName(written);
      if (misindented.has(place.start)) {
        isMisindented = true;
      } else if (fault !== null) {
        problems.push({ place, message: `the key "${written}" holds ${fault.what}: remove it` });
      }
      // Read on as if it were not there, so that nothing else is said about this key.
      const key = fault === null ? written : withoutFaults(written);
      if (key === "<<") {
        problems.push({
          place,
          message: `the merge key "<<" is not allowed here: write the keys out`,
        });
        continue;
      }
      const first = seen.get(key);
      if (first !== undefined) {
        const related = [{ place: first, message: "the first one is here" }];
        problems.push({ place, message: `the key "${key}" occurs twice: remove one`, related });
        continue;
      }
      seen.set(key, place);
      const at = [...path, key];
      const value = span(valueNode, source.text);
      places.set(at, { key: place, value: value.end > value.start ? value : place });
      map[key] = convert(valueNode, at);
    }
    return map;
  };
  const value = convertMap(root.items, []);
  // The levels of the map are not the author's.
  return isMisindented
    ? unreadable(indentation)
    : { source, value, places, problems: [...misquoted, ...problems] };
}

/** Lines that begin with a space that is none for YAML. In prose that is legal, as U+3000 in Japanese. */
function indentationProblems(text: string): readonly Problem[] {
  return Array.from(text.matchAll(/(?<=^ *)[^\S \t\r\n\u{feff}]+/gmu), ({ index, 0: spaces }) => {
    const { what = "" } = faultInName(spaces) ?? {};
    const place = { start: index, end: index + spaces.length };
    return { place, message: `YAML indents with common spaces only, not with ${what}: replace it` };
  });
}

/**
 * Bytes that are not UTF-8 have become U+FFFD by now, and a lock named after them would be another one than the
 * author meant. A U+FFFD that the author wrote is the trace of such a loss in an editor.
 */
function encodingProblem(text: string): Problem | null {
  if (/^\u{fffd}{2}/u.test(text) || text.includes("\0")) {
    const place = { start: 0, end: 0 };
    return { place, message: "this is not UTF-8 but looks like UTF-16: save the spec as UTF-8" };
  }
  const start = text.indexOf("\u{fffd}");
  if (start === -1) return null;
  return {
    place: { start, end: start + 1 },
    message:
      "here the spec is not UTF-8, or a character was lost (U+FFFD): save it as UTF-8, and check the text",
  };
}

const EMPTY = `the spec is empty: it needs at least "catalogue", "output" and "locks", see ${HOME}/blob/main/docs/spec.md`;
const SEVERAL = 'a spec is one YAML document: remove everything from the second "---" on';
const LIST = 'the spec is a list; it has to be a map with "catalogue", "output" and "locks"';
const SCALAR =
  'the spec is a single value; it has to be a map with "catalogue", "output" and "locks"';

/** Tags that the parser itself notes on plain maps and lists. */
const IMPLIED_TAGS = new Set(["tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"]);

function keyMessage(key: unknown, text: string): string {
  if (key === undefined) return "a key has to be a name, not a list or a map";
  if (text === "") return "a name is missing before the colon";
  const type = key === null ? "null" : `a ${typeof key}`;
  return `the key ${text} is ${type} in YAML: quote it, "${text}"`;
}

/** Where a node's own text is, without the spaces and comments that the parser counts as part of it. */
function span(node: unknown, text: string): Place {
  const range = isNode(node) ? node.range : null;
  if (range === null || range === undefined) return { start: 0, end: 0 };
  const [start, end] = range;
  // Only the first line of a block: a caret line under a whole map says nothing.
  const line = defined(text.slice(start, end).split(/\r?\n/u, 1)[0]);
  return { start, end: start + line.trimEnd().length };
}

function isNode(node: unknown): node is Node {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node);
}

function syntaxProblem(fault: YAMLError, text: string): Problem {
  const [start, end] = fault.pos;
  const place = { start, end: Math.max(start + 1, Math.min(end, lineEnd(text, start))) };
  if (fault.code === "TAB_AS_INDENT") {
    return { place, message: "YAML does not allow tabs as indentation: use spaces" };
  }
  // The reader calls itself for each level, and catches what comes of that in more than one place.
  if (fault.code === "RESOURCE_EXHAUSTION" || fault.message.startsWith("Maximum call stack")) {
    return { place, message: "this is nested too deeply: a spec has a few levels of maps" };
  }
  return {
    place,
    message: `this is not valid YAML: ${fault.message.charAt(0).toLowerCase()}${fault.message.slice(1)}`,
  };
}

function lineEnd(text: string, from: number): number {
  const end = text.slice(from).search(/\r?\n/u);
  return end < 0 ? text.length : from + end;
}
