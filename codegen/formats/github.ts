import type { Shown } from "./paths.js";
import type { Level, Result } from "./result.js";

/** Results as workflow commands, which GitHub shows next to the lines of a pull request. */
export function asCommands(results: readonly Result[], toShow: Shown): string {
  return results.map((result) => command(result, toShow)).join("");
}

const COMMANDS: Readonly<Record<Level, string>> = {
  error: "error",
  warning: "warning",
  note: "notice",
};

function command({ level, message, at, title }: Result, toShow: Shown): string {
  const shown = at === null ? null : toShow(at.file);
  const place =
    at === null || shown === null
      ? {}
      : { file: shown, line: String(at.line), col: String(at.column) };
  const list = Object.entries({ ...place, title }).map(
    ([key, value]) => `${key}=${property(value)}`,
  );
  const text = at !== null && shown === null ? unplaced(at, message) : message;
  return `::${COMMANDS[level]} ${list.join(",")}::${data(text)}\n`;
}

/** A message that names its place itself. */
export function unplaced(
  { file, line, column }: NonNullable<Result["at"]>,
  message: string,
): string {
  return `${file === "-" ? "standard input" : file}:${line}:${column}: ${message}`;
}

/** Escapes as the runner reads them back. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
