import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { defined } from "../defined.js";

/**
 * Lays rows of cells out in aligned columns, two spaces apart; the lines of each row. If they
 * would be wider than `width`, the widest columns shrink and their cells run over several lines; there has to
 * be room for some characters of each.
 */
export function columns(
  rows: readonly (readonly string[])[],
  width: number = Number.POSITIVE_INFINITY,
): readonly (readonly string[])[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const natural = Array.from({ length: count }, (_, column) =>
    widthOf(rows.map((row) => defined(row[column]))),
  );
  const widths = fitted(natural, width - GAP.length * (count - 1));
  return rows.map((row) => {
    const cells = widths.map((room, column) => linesOf(defined(row[column]), room));
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, column) => padded(lines[line] ?? "", defined(widths[column])))
        .join(GAP)
        .trimEnd(),
    );
  });
}

/** The columns that the widest of some lines takes in a terminal. */
export function widthOf(lines: readonly string[]): number {
  return lines.reduce((most, line) => Math.max(most, stringWidth(line)), 0);
}

const GAP = "  ";

/** Narrows the widest column, again and again, until all fit. */
function fitted(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  for (; excess > 0; excess--) {
    const widest = Math.max(...widths);
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function linesOf(text: string, width: number): readonly string[] {
  if (stringWidth(text) <= width) return [text];
  return wrapAnsi(text, width, { hard: true }).split("\n");
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}
