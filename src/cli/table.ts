import { styleText } from "node:util";
import stringWidth from "string-width";

/** A cell: its text, and its style on a surface with colours. */
export interface Cell {
  readonly text: string;
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
  // `hasColors` heeds NO_COLOR, FORCE_COLOR and TERM.
  return stream.isTTY
    ? { columns: stream.columns, colours: stream.hasColors() }
    : { columns: undefined, colours: false };
}

/**
 * The lines of a table whose columns are as wide as their widest cell. If a line does not fit, its last
 * cell is cut: put the one there that can be done without.
 */
export function layTable(rows: readonly (readonly Cell[])[], surface: Surface): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, { text }] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(text));
    }
  }
  const last = widths.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  const room = Math.max(SHORTEST, (surface.columns ?? Number.POSITIVE_INFINITY) - before);
  return rows.map((row) =>
    row
      .map(({ text, style }, index) => {
        const shown = index === last ? cut(text, room) : text;
        const padding = index === last ? 0 : Number(widths[index]) - stringWidth(text);
        return paint(shown, style, surface) + " ".repeat(padding);
      })
      .join(GAP)
      .trimEnd(),
  );
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

/** A last column that is narrower says nothing any more: then the line wraps. */
const SHORTEST = 12;

/** Shows page after page in a terminal's alternate screen, and leaves the lines above the prompt alone. */
export class Screen {
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.write(ENTER);
  }

  /** Shows as much of a page as there is room for. */
  show(lines: readonly string[]): void {
    const { rows } = this.#stream;
    const missing = lines.length - rows;
    const page =
      missing > 0 ? [...lines.slice(0, rows - 1), `… and ${missing + 1} more lines`] : lines;
    this.#stream.write(HOME + page.map((line) => line + CLEAR_LINE).join("\n") + CLEAR_BELOW);
  }

  [Symbol.dispose](): void {
    this.#stream.write(LEAVE);
  }
}

// The alternate screen of xterm; no cursor; and no wrapping, as a wrapped line would push the first lines out.
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";
