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
    return `≤ ${bound.most.toLocaleString("en")}${bound.unit}${judge ? verdict : ""}`;
  });
  return [...(note ? [note] : []), ...said].join("; ");
}

function widest(cells) {
  return Math.max(...cells.map(([cell]) => cell.length));
}
