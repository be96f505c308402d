import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Running } from "../support/cli.js";
import { ROOT } from "../support/root.js";

/** The tables of a text by their columns: what each says, row by row. */
function columns(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string[]>();
  let titles: readonly string[] = [];
  for (const line of text.split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (cells.length < 3) titles = [];
    else if (titles.length === 0) titles = cells;
    else
      for (const [at, title] of titles.entries()) {
        if (at < 2 || title === "" || /^-+:?$/.test(cells[at] ?? "")) continue;
        found.set(title, [...(found.get(title) ?? []), `${cells[1]}: ${cells[at]}`]);
      }
  }
  return new Map([...found].map(([title, lines]) => [title, lines.join("\n")]));
}

/** It asks every program question after question: 16 s on two processors that do little else, 50 s on busy ones. */
const MOST_MS = 240_000;

it("the tables of docs/operating.md say what running each of the peers shows", {
  timeout: MOST_MS + 10_000,
}, async () => {
  const run = new Running(process.execPath, [join(ROOT, "test/peers/features.mjs")]);
  const { code, out, err } = await run.end(MOST_MS);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const document = readFileSync(join(ROOT, "docs/operating.md"), "utf8");
  const [, section = ""] = document.split("## What each program can do\n");
  const told = columns(section.split("\n## ")[0] ?? "");
  const measured = columns(out);
  expect([...measured.keys()]).toEqual([...told.keys()]);
  expect(measured.get("`run`")).toContain("yes");
  for (const [title, answers] of measured) {
    // Where a peer is not installed nothing is known of it.
    if (!answers.includes(": –")) expect(answers, title).toBe(told.get(title));
  }
});
