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

/** The line and column of an offset, both from 1. */
function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lines = before.split(LINE_BREAK);
  const last = defined(lines.at(-1)).replace(/^\u{feff}/u, "");
  return { line: lines.length, column: [...last].length + 1 };
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
  return { file: source.file, ...position(source.text, place.start) };
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

const LINE_BREAK = /\r\n|\n|\r/u;

function reportOne({ place, message, related = [] }: Problem, source: Source): string {
  const others = related.map((other) => {
    const note = `${at(source, other.place)}: ${visibleLines(other.message)}\n${excerpt(source.text, other.place)}`;
    return note.replaceAll(/^(?=.)/gmu, "  ");
  });
  return `${at(source, place)}: ${visibleLines(message)}\n${excerpt(source.text, place)}${others.join("")}`;
}

function at({ file, text }: Source, place: Place): string {
  const { line, column } = position(text, place.start);
  return `${visible(file)}:${line}:${column}`;
}

/** The line a place begins on, and carets under it. */
function excerpt(text: string, place: Place): string {
  const before = defined(text.slice(0, place.start).split(LINE_BREAK).at(-1));
  const after = defined(text.slice(place.start).split(LINE_BREAK, 1)[0]);
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
