import { styleText } from "node:util";
import stringWidth from "string-width";

/** A cell: its text, and how it looks where there is colour. */
export interface Cell {
  readonly text: string;
  readonly style?: Parameters<typeof styleText>[0] | undefined;
}

/** Where a table is shown. */
export interface Surface {
  /** How many columns of characters it has; undefined where lines may be as long as they like. */
  readonly columns: number | undefined;
  readonly colours: boolean;
}

/**
 * The lines of a table whose columns are as wide as their widest cell. Where a line does not fit, its
 * last cell is cut: let that be the one that can be done without.
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

/** A text in a style, where there is colour. */
function paint(text: string, style: Cell["style"], { colours }: Surface): string {
  return colours && style !== undefined && text !== ""
    ? styleText(style, text, { validateStream: false })
    : text;
}

/** A text of at most so many columns, with an ellipsis where something is missing. */
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

/** Below this the last column says nothing any more, and a line rather wraps. */
const SHORTEST = 12;
