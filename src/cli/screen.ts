import type { Surface } from "./table.js";

/** Where the output of a command goes: a terminal with its width and colours, or a pipe without. */
export function surfaceOf(stream: NodeJS.WriteStream): Surface {
  // `hasColors` heeds NO_COLOR, FORCE_COLOR and TERM.
  return stream.isTTY
    ? { columns: stream.columns, colours: stream.hasColors() }
    : { columns: undefined, colours: false };
}

/** Shows one page after the other in place of a terminal's lines, and gives those back in the end. */
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

// What xterm calls its alternate screen, which leaves the lines above the prompt alone; no cursor, and no
// line that goes on in the next, which would push the first ones out.
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";
const HOME = "\x1b[H";
const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";
