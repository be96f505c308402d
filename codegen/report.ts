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

/** The lines of a text, which are looked up and not counted: a spec may have a problem in each of its lines. */
class Lines {
  readonly #text: string;
  /** Where each begins. */
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    this.#starts = [
      0,
      ...Array.from(text.matchAll(LINE_BREAK), ({ 0: { length }, index }) => index + length),
    ];
  }

  /** The line and column of an offset, both from 1. */
  position(offset: number): { line: number; column: number } {
    const line = this.#lineAt(offset);
    const before = this.#text.slice(this.#starts[line], offset).replace(/^\u{feff}/u, "");
    return { line: line + 1, column: [...before].length + 1 };
  }

  /** The line of an offset, cut in two there. */
  around(offset: number): { before: string; after: string } {
    const line = this.#lineAt(offset);
    const rest = this.#text.slice(offset, this.#starts[line + 1]);
    return {
      before: this.#text.slice(this.#starts[line], offset),
      after: rest.replace(/(?:\r\n|\n|\r)$/u, ""),
    };
  }

  /** Counted from 0. */
  #lineAt(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (defined(this.#starts[middle]) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }
}

function linesOf(source: Source): Lines {
  const lines = known.get(source) ?? new Lines(source.text);
  known.set(source, lines);
  return lines;
}

const known = new WeakMap<Source, Lines>();

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
  return { file: source.file, ...linesOf(source).position(place.start) };
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
    related: related.map((other) => ({ ...locate(source, other.place), message: other.message })),
  }));
}

const LINE_BREAK = /\r\n|\n|\r/gu;

function reportOne({ place, message, related = [] }: Problem, source: Source): string {
  const others = related.map((other) => {
    const note = `${at(source, other.place)}: ${visibleLines(other.message)}\n${excerpt(source, other.place)}`;
    return note.replaceAll(/^(?=.)/gmu, "  ");
  });
  return `${at(source, place)}: ${visibleLines(message)}\n${excerpt(source, place)}${others.join("")}`;
}

function at(source: Source, place: Place): string {
  const { file, line, column } = locate(source, place);
  return `${visible(file)}:${line}:${column}`;
}

/** The line a place begins on, and carets under it. */
function excerpt(source: Source, place: Place): string {
  const { before, after } = linesOf(source).around(place.start);
  const marked = after.slice(0, Math.max(0, place.end - place.start)).replace(/[ \t]+$/u, "");
  const gap = visibleLine(before)
    .split("\t")
    .map((piece) => " ".repeat(stringWidth(piece)))
    .join("\t");
  const carets = "^".repeat(Math.max(1, stringWidth(visibleLine(marked).replaceAll("\t", " "))));
  // An empty line shows nothing; the place is then the end of the text, or a line that lacks
  // something.
  return before + after === "" ? "" : `  ${visibleLine(before + after)}\n  ${gap}${carets}\n`;
}

/** A line of the spec. Tabs stay tabs, so that the carets stand below what they mark. */
function visibleLine(line: string): string {
  return line
    .replace(/^\u{feff}/u, "")
    .split("\t")
    .map(visible)
    .join("\t");
}
