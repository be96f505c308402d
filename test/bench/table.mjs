// The answers as one Markdown table, padded so that it reads well in a terminal, too.
import { isMissed } from "./row.mjs";

const HEAD = ["what", "ratio", "to", "figures", "note"];
const NUMBERS = HEAD.indexOf("ratio");

/**
 * @param groups for each question its title, how to read its ratios, and its rows.
 * @param judge whether to say of a bound that it holds, or only that there is one.
 */
export function markdown(groups, { judge }) {
  const body = groups.flatMap(({ title, reading, rows }) => [
    [`**${title}**`, "", "", "", reading],
    ...rows.map((row) => [
      row.what,
      row.ratio ?? "",
      row.to ?? "",
      row.figure ?? "",
      remarks(row, judge),
    ]),
  ]);
  const widths = HEAD.map((name, column) => widest([[name], ...body.map((row) => [row[column]])]));
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i === NUMBERS ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) =>
    i === NUMBERS ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(HEAD), line(rule), ...body.map(line)].join("\n");
}

function remarks({ note, bounds = [] }, judge) {
  const said = bounds.map((bound) => {
    const verdict = isMissed({ bounds: [bound] }) ? ": MISSED" : ": holds";
    const { of = "", least, most, unit = "" } = bound;
    const sign = least === undefined ? `≤ ${most.toLocaleString("en")}` : `≥ ${least}`;
    return `${of}${sign}${unit}${judge ? verdict : ""}`;
  });
  return [...(note ? [note] : []), ...said].join("; ");
}

function widest(cells) {
  return Math.max(...cells.map(([cell]) => cell.length));
}

/**
 * Reads such a table where a document has it.
 *
 * @returns the rows that have figures, each with the title of its question, its two figures and their unit.
 */
export function readTable(document) {
  const rows = [];
  let title = "";
  for (const line of document.split("\n")) {
    const [what, , to, figure = ""] = line
      .split("|")
      .slice(1)
      .map((cell) => cell.trim());
    title = /^\*\*(.*)\*\*$/u.exec(what ?? "")?.[1] ?? title;
    const found = /^([\d.,]+) \/ ([\d.,]+) (\S+)$/u.exec(figure);
    if (found === null) continue;
    const figures = found.slice(1, 3).map((text) => Number(text.replaceAll(",", "")));
    rows.push({ title, what, to, figures, unit: found[3] });
  }
  return rows;
}
