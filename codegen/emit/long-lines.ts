import { LINE_WIDTH } from "./layout.js";

/**
 * Breaks the lines that ts-morph always prints as one where they are too long: lists of imports and
 * exports, unions, and signatures. Names and plain types alone stand in them, so the commas and
 * bars are all separators.
 */
export function breakLongLines(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.length <= LINE_WIDTH ? line : breakLine(line)))
    .join("\n");
}

function breakLine(line: string): string {
  const names = NAMES.exec(line)?.groups;
  // A single name stays on its line, however long.
  if (names?.["list"]?.includes(",")) {
    return onePerLine(names["open"], names["list"].split(", "), names["close"], "");
  }
  const signature = SIGNATURE.exec(line)?.groups;
  if (signature !== undefined) {
    const { open, list = "", close } = signature;
    return onePerLine(open, list.split(", "), close, "  ");
  }
  const union = UNION.exec(line)?.groups;
  if (union !== undefined) {
    // Of several kinds: a single one fits.
    const { open, list = "" } = union;
    return [open, ...list.split(" | ").map((kind) => `  | ${kind}`)].join("\n").concat(";");
  }
  return line;
}

const NAMES = /^(?<open>(?:im|ex)port \{) (?<list>.*) (?<close>\}.*)$/u;
const SIGNATURE =
  /^(?<open> {2}(?:constructor|static override buildIfMatches)\()(?<list>.*)(?<close>\).* \{)$/u;
const UNION = /^(?<open>export type Lock =) (?<list>.*);$/u;

function onePerLine(
  open: string | undefined,
  items: readonly string[],
  close: string | undefined,
  indentation: string,
): string {
  const lines = items.map((item) => `${indentation}  ${item},`);
  return [open, ...lines, `${indentation}${close}`].join("\n");
}
