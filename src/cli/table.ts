import { styleText } from "node:util";
import stringWidth from "string-width";
import { OrderlyStop } from "./signals.js";

/** A cell: its text, and its style on a surface with colours. */
export interface Cell {
  readonly text: string;
  /** What says almost the same if there is not enough room. */
  readonly short?: string | undefined;
  readonly style?: Parameters<typeof styleText>[0] | undefined;
}

/** What a table is printed on. */
export interface Surface {
  /** Its width in characters; undefined if lines may have any length. */
  readonly columns: number | undefined;
  readonly colours: boolean;
}

/** Where the output of a command goes: a terminal with its width and colours, or a pipe without. */
export function surfaceOf(stream: NodeJS.WriteStream): Surface {
  // A terminal that does not tell its size says 0. `hasColors` heeds NO_COLOR, FORCE_COLOR and TERM.
  return stream.isTTY
    ? { columns: stream.columns || undefined, colours: stream.hasColors() }
    : { columns: undefined, colours: false };
}

/**
 * The lines of a table whose columns are as wide as their widest cell.
 *
 * @param yielding The columns that give way if a line does not fit, the first to do so first: their cells are shortened
 *   or cut, and if that is not enough the columns are left out.
 */
export function layTable(
  rows: readonly (readonly Cell[])[],
  surface: Surface,
  yielding: readonly number[] = [],
): string[] {
  let kept = [...(rows[0] ?? []).keys()];
  let columns = fit(rows, kept, surface, yielding);
  for (const index of yielding) {
    if (columns !== null) break;
    kept = kept.filter((other) => other !== index);
    columns = fit(rows, kept, surface, yielding);
  }
  const laid = columns ?? kept.map((index) => new Column(rows, index));
  return rows.map((row) =>
    laid
      .map(({ index, width, isShort }) => {
        const { text, short = text, style } = row[index] ?? { text: "" };
        const shown = cut(isShort ? short : text, width);
        return paint(shown, style, surface) + " ".repeat(width - stringWidth(shown));
      })
      .join(GAP)
      .trimEnd(),
  );
}

/** Columns with their widths; null if even the narrowest do not fit. */
function fit(
  rows: readonly (readonly Cell[])[],
  kept: readonly number[],
  { columns: room = Number.POSITIVE_INFINITY }: Surface,
  yielding: readonly number[],
): Column[] | null {
  const columns = kept.map((index) => new Column(rows, index));
  const excess = (): number =>
    columns.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length) - room;
  for (const index of yielding) {
    if (excess() > 0) columns.find((column) => column.index === index)?.giveWay(excess());
  }
  // A short form may have made more room than was needed: the columns that were cut get it back.
  for (const column of columns) column.widen(-excess());
  return excess() > 0 ? null : columns;
}

class Column {
  readonly index: number;
  width: number;
  isShort = false;
  readonly #rows: readonly (readonly Cell[])[];

  constructor(rows: readonly (readonly Cell[])[], index: number) {
    this.index = index;
    this.#rows = rows;
    this.width = this.#widest(({ text }) => text);
  }

  giveWay(excess: number): void {
    if (this.#rows.some((row) => row[this.index]?.short !== undefined)) {
      this.isShort = true;
      this.width = this.#widest(({ text, short = text }) => short);
    } else this.width = Math.max(Math.min(this.width, NARROWEST), this.width - excess);
  }

  /** Takes as much room as it can use. */
  widen(room: number): void {
    const most = this.#widest(({ text, short = text }) => (this.isShort ? short : text));
    if (room > 0) this.width = Math.min(most, this.width + room);
  }

  #widest(textOf: (cell: Cell) => string): number {
    return Math.max(
      ...this.#rows.map((row) => stringWidth(textOf(row[this.index] ?? { text: "" }))),
    );
  }
}

/** A text in its style, on a surface with colours. */
function paint(text: string, style: Cell["style"], { colours }: Surface): string {
  return colours && style !== undefined && text !== ""
    ? styleText(style, text, { validateStream: false })
    : text;
}

/** A text of at most so many columns; an ellipsis stands for what was cut off. */
export function cut(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += stringWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const GAP = "  ";

/** A column that is cut to less says nothing any more. */
const NARROWEST = 12;

/**
 * Shows page after page in a terminal's alternate screen, and leaves the lines above the prompt alone. Ctrl-Z leaves
 * that screen until the job goes on: a shell would prompt in it otherwise, without a cursor.
 */
export class Screen {
  readonly #stream: NodeJS.WriteStream;
  readonly #stop: OrderlyStop;
  #page = "";

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.write(ENTER);
    this.#stop = new OrderlyStop(
      () => stream.write(LEAVE),
      () => stream.write(ENTER + this.#page),
    );
  }

  /** Shows as much of a page as there is room for. */
  show(lines: readonly string[]): void {
    const rows = this.#stream.rows || LEAST_ROWS;
    const missing = lines.length - rows;
    const page =
      missing > 0 ? [...lines.slice(0, rows - 1), `… and ${missing + 1} more lines`] : lines;
    this.#page = HOME + page.map((line) => line + CLEAR_LINE).join("\n") + CLEAR_BELOW;
    this.#stream.write(this.#page);
  }

  [Symbol.dispose](): void {
    this.#stop[Symbol.dispose]();
    this.#stream.write(LEAVE);
  }
}

/** Of a terminal that does not tell. */
const LEAST_ROWS = 24;

// The alternate screen of xterm; no cursor; and no wrapping, as a wrapped line would push the first lines out.
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";
