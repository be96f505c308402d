import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { temporaryDirectory, writeFiles } from "./support/directory.js";
import { ROOT } from "./support/root.js";

const TABLE = `
| what                    | ratio | to            | figures         | note |
| ----------------------- | ----: | ------------- | --------------- | ---- |
| **Uncontended take and release** | |             |                 |      |
| acquireSync             |  1.84 | Barman & <friends> | 29.4 / 15.8 µs | holds |
| await acquire           |  1.01 | acquireSync   | 29.7 / 29.4 µs  |      |
| acquireSync             | 0.011 | flock(1)      | 29.4 / 2,651 µs |      |
| acquireSync             |       | filelock      |                 | not installed |
| **Hand-over to one waiting process** | |         |                 |      |
| await acquire, p50      |  21.5 | flock(2) in C | 2.09 / 0.097 ms |      |
| await acquire, p99      |  3.14 | flock(2) in C | 5.60 / 1.78 ms  |      |
| **Generator, proofs included** | |               |                 |      |
| generate, 100 kinds     |  2.79 | 10 kinds      | 716 / 272 ms    |      |
| generate, 1,000 kinds   |  5.01 | 100 kinds     | 3,502 / 716 ms  |      |
`;

/** What `npm run charts` makes of a file: the texts of the charts, by name. */
function chartsOf(file: string): Record<string, string> {
  const folder = temporaryDirectory();
  const args = [join(ROOT, "test/bench/charts.mjs"), file, folder];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

const documentOf = (svg: string) =>
  new DOMParser({ onError: onErrorStopParsing }).parseFromString(svg, "image/svg+xml");

/** The texts of a chart, and how far each reaches to the left and to the right. */
function textsOf(svg: string) {
  return [...documentOf(svg).getElementsByTagName("text")].map((text) => {
    const said = text.textContent ?? "";
    const size = Number(/font-size:(\d+)px/u.exec(text.getAttribute("style") ?? "")?.[1]);
    const move = /translate\(([\d.]+)/u.exec(text.getAttribute("transform") ?? "")?.[1];
    const x = Number(text.getAttribute("x") ?? 0) + Number(move ?? 0);
    // A letter of a sans-serif is about half as wide as it is high.
    const width = stringWidth(said) * size * 0.55;
    const before = { end: 1, middle: 0.5, start: 0 }[text.getAttribute("text-anchor") ?? "start"];
    const left = x - width * (before ?? Number.NaN);
    return { said, left, right: left + width };
  });
}

describe("the charts of a run", () => {
  it("name what was measured, in well-formed SVG, and cut no text off", () => {
    const directory = temporaryDirectory();
    writeFiles(directory, [["run.md", TABLE]]);
    const charts = chartsOf(join(directory, "run.md"));
    // The run has no rows about contention.
    expect(Object.keys(charts)).toEqual(["generator.svg", "handover.svg", "take.svg"]);
    const said = ["take.svg", "handover.svg", "generator.svg"]
      .map((name) => charts[name] ?? "")
      .map((svg) => textsOf(svg).map((text) => text.said));
    expect(said[0]).toEqual(
      expect.arrayContaining([
        "lock-catalogue, acquireSync",
        "lock-catalogue, await acquire",
        "Barman & <friends>",
        "flock(1)",
        "15.8",
      ]),
    );
    expect(said[0]).not.toContain("filelock");
    expect(said[1]).toEqual(expect.arrayContaining(["flock(2) in C", "p50", "p99", "0.097"]));
    expect(said[2]).toEqual(expect.arrayContaining(["10 kinds", "1,000 kinds"]));
    for (const svg of Object.values(charts)) {
      const width = Number(documentOf(svg).documentElement?.getAttribute("width"));
      const cut = textsOf(svg).filter(({ left, right }) => !(left >= 0 && right <= width));
      expect(cut).toEqual([]);
    }
  });

  it("would not pass for well-formed if they were not", () => {
    expect(() => documentOf("<svg><text>a & b</svg>")).toThrow();
  });

  it("are in docs/charts what the table of docs/measurements.md says, to the byte", () => {
    const charts = chartsOf(join(ROOT, "docs/measurements.md"));
    const kept = readdirSync(join(ROOT, "docs/charts")).sort();
    expect(kept).toEqual(["generator.svg", "handover.svg", "take.svg", "throughput.svg"]);
    expect(Object.keys(charts)).toEqual(kept);
    for (const name of kept) {
      expect(charts[name], name).toBe(readFileSync(join(ROOT, "docs/charts", name), "utf8"));
    }
  });
});
