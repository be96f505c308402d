import stringWidth from "string-width";
import { visible, visibleLines } from "../src/text.js";
import { defined } from "./defined.js";
import type { Place, Problem, Source } from "./model.js";

/**
 * Problems as text for a terminal: `file:line:column: message`, the line of the spec with a caret
 * under what is meant, and the same for related places. Lines and columns count from 1, columns in
 * code points.
 */
export function report(problems: readonly Problem[], source: Source): string {
  return problems.map((problem) => reportOne(problem, source)).join("\n");
}

/** Where the lines of a text begin, and where its characters of two code units are. */
interface Layout {
  readonly lines: readonly number[];
  readonly pairs: readonly number[];
}

/** A spec may have a problem in each of its lines: to read it once for all of them keeps the costs linear. */
const LAYOUTS = new WeakMap<Source, Layout>();

function layoutOf(source: Source): Layout {
  const { text } = source;
  const known = LAYOUTS.get(source) ?? {
    lines: [
      0,
      ...Array.from(text.matchAll(LINE_BREAKS), ({ index, 0: end }) => index + end.length),
    ],
    pairs: Array.from(text.matchAll(/[\u{10000}-\u{10ffff}]/gu), ({ index }) => index),
  };
  LAYOUTS.set(source, known);
  return known;
}

/** How many of some ascending numbers are not above a limit. */
function countUpTo(limit: number, ascending: readonly number[]): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (defined(ascending[middle]) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The line of an offset, from 1, and where it begins. A mark of byte order is no part of it. */
function lineOf(source: Source, offset: number): { line: number; start: number } {
  const { lines } = layoutOf(source);
  const line = countUpTo(offset, lines);
  const start = defined(lines[line - 1]);
  const isMarked = offset > start && source.text.startsWith("\u{feff}", start);
  return { line, start: isMarked ? start + 1 : start };
}

/** The line and column of an offset, both from 1. */
function position(source: Source, offset: number): { line: number; column: number } {
  const { line, start } = lineOf(source, offset);
  const { pairs } = layoutOf(source);
  // Of a pair, both halves are one column.
  const before = Math.max(0, countUpTo(offset - 2, pairs) - countUpTo(start - 1, pairs));
  return { line, column: offset - start - before + 1 };
}

/** A place as programs take it. */
export interface Location {
  /** The spec, as it was given. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in code points. */
  readonly column: number;
}

/** Where a place is. */
export function locate(source: Source, place: Place): Location {
  return { file: source.file, ...position(source, place.start) };
}

/** A place from its beginning to its end. */
export interface Region extends Location {
  /** Line of the first character behind it. */
  readonly endLine: number;
  /** Column of that character. */
  readonly endColumn: number;
}

/** From where to where a place is. */
export function regionOf(source: Source, place: Place): Region {
  const end = position(source, place.end);
  return { ...locate(source, place), endLine: end.line, endColumn: end.column };
}

/** A problem as programs take it. */
export interface ProblemData extends Location {
  /** What is wrong, in one sentence; further lines may say how to settle it. */
  readonly message: string;
  /** Other places that have a part in it. */
  readonly related: readonly RelatedData[];
}

/** A place that has a part in a problem. */
interface RelatedData extends Location {
  /** What it has to do with it. */
  readonly message: string;
}

/** Problems as data, for `--json`. */
export function asData(problems: readonly Problem[], source: Source): readonly ProblemData[] {
  return problems.map(({ place, message, related = [] }) => ({
    ...locate(source, place),
    message,
    related: related.map((other) => ({
      ...locate(other.source ?? source, other.place),
      message: other.message,
    })),
  }));
}

const LINE_BREAKS = /\r\n|\n|\r/gu;

function reportOne({ place, message, related = [] }: Problem, source: Source): string {
  const others = related.map((other) => {
    const where = other.source ?? source;
    const note = `${at(where, other.place)}: ${visibleLines(other.message)}\n${excerpt(where, other.place)}`;
    return note.replaceAll(/^(?=.)/gmu, "  ");
  });
  return `${at(source, place)}: ${visibleLines(message)}\n${excerpt(source, place)}${others.join("")}`;
}

function at(source: Source, place: Place): string {
  const { line, column } = position(source, place.start);
  return `${visible(source.file)}:${line}:${column}`;
}

/** What is shown of a line on either side of a place, at most: a whole spec may be on one line. */
const MOST_SHOWN = 100;

/** The line a place begins on, and carets under it. */
function excerpt(source: Source, place: Place): string {
  const { text } = source;
  const { line, start } = lineOf(source, place.start);
  const next = layoutOf(source).lines[line];
  const end = next === undefined ? text.length : next - (text.startsWith("\r\n", next - 2) ? 2 : 1);
  const from = Math.max(start, wholeAt(text, place.start - MOST_SHOWN));
  const to = Math.max(place.start, Math.min(end, wholeAt(text, place.start + MOST_SHOWN)));
  const before = (from > start ? "…" : "") + text.slice(from, place.start);
  const after = text.slice(place.start, to) + (to < end ? "…" : "");
  const marked = text.slice(place.start, Math.min(place.end, to)).replace(/[ \t]+$/u, "");
  const gap = visibleLine(before)
    .split("\t")
    .map((piece) => " ".repeat(stringWidth(piece)))
    .join("\t");
  const carets = "^".repeat(Math.max(1, stringWidth(visibleLine(marked).replaceAll("\t", " "))));
  // An empty line shows nothing; the place is then the end of the text, or a line that lacks
  // something.
  return before + after === "" ? "" : `  ${visibleLine(before + after)}\n  ${gap}${carets}\n`;
}

/** An offset, or the one before it if a character of two code units would be cut there. */
function wholeAt(text: string, offset: number): number {
  return Number(text.codePointAt(offset - 1)) > 0xffff ? offset - 1 : offset;
}

/** A line of the spec. Tabs stay tabs, so that the carets stand below what they mark. */
function visibleLine(line: string): string {
  return line
    .replace(/^\u{feff}/u, "")
    .split("\t")
    .map(visible)
    .join("\t");
}
