// The charts of a run, as SVG. One whose rows the run does not have is left out.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { init } from "echarts";
import { readTable } from "./table.mjs";

const WIDTH = 720;
/** Read well on white and on black, so that one picture serves both. */
const GREY = "#7a7f87";
const LINE = "#7a7f8755";
const COLOURS = ["#2f81f7", "#db6d28", "#3a9d4c", "#a371f7"];

const CHARTS = { take, handover, throughput, generator };

/** Draws the table that a document has, or that a run has printed, into files of the folder. */
export function writeCharts(folder, document) {
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(draw(readTable(document)))) {
    writeFileSync(join(folder, `${name}.svg`), svg);
  }
}

/** @returns the SVG of each chart, by its name. */
function draw(rows) {
  const drawn = Object.entries(CHARTS).map(([name, options]) => [name, options(rows)]);
  return Object.fromEntries(
    drawn
      .filter(([, options]) => options !== null)
      .map(([name, options]) => [name, toSvg(options)]),
  );
}

function take(rows) {
  const ours = rows.filter(({ title }) => title === "Uncontended take and release");
  const costs = new Map();
  for (const { what, to, figures } of ours) {
    costs.set(`lock-catalogue, ${what}`, figures[0]);
    // Compared with ourselves.
    if (!ours.some((other) => other.what === to)) costs.set(to, figures[1]);
  }
  return bars("Take and release a free lock", ours[0]?.unit, [...costs.keys()], {
    "": [...costs.values()],
  });
}

function handover(rows) {
  const named = { p50: [], p99: [] };
  const ways = new Set();
  const found = rows.filter(({ title }) => title === "Hand-over to one waiting process");
  for (const { what, to, figures } of found) {
    const [, way, percentile] = /^(await acquire|acquireSync), (p50|p99)$/u.exec(what) ?? [];
    if (way === undefined) continue;
    for (const [name, value] of [
      [`lock-catalogue, ${way}`, figures[0]],
      [to, figures[1]],
    ]) {
      ways.add(name);
      named[percentile][[...ways].indexOf(name)] = value;
    }
  }
  return bars("Hand-over to a process that waits", found[0]?.unit, [...ways], named);
}

function throughput(rows) {
  // A row with longer holds is no point of these lines.
  const found = rows.filter(
    ({ title, what }) =>
      title === "Takes by processes that contend" && /^\d+ processes, await acquire$/u.test(what),
  );
  const counts = [...new Set(found.map(({ what }) => Number.parseInt(what, 10)))];
  const lines = {};
  for (const { what, to, figures } of found) {
    const at = counts.indexOf(Number.parseInt(what, 10));
    for (const [name, value] of [
      ["lock-catalogue", figures[0]],
      [to, figures[1]],
    ]) {
      lines[name] ??= [];
      lines[name][at] = value;
    }
  }
  return curves("Takes a second by processes that contend", found[0]?.unit, "processes", {
    counts,
    lines,
  });
}

function generator(rows) {
  const found = rows.filter(
    ({ title, what }) =>
      title === "Generator, proofs included" && /^generate, [\d,]+ kinds$/u.test(what),
  );
  const times = new Map();
  for (const { what, to, figures } of found) {
    times.set(countOf(to), figures[1]);
    times.set(countOf(what), figures[0]);
  }
  return curves("Generate, proofs included", found[0]?.unit, "kinds", {
    counts: [...times.keys()],
    lines: { "lock-catalogue": [...times.values()] },
  });
}

function countOf(text) {
  return Number(/[\d,]+(?= kinds)/u.exec(text)[0].replaceAll(",", ""));
}

/** Bars that lie, as the names of peers are long. Logarithmic: the costs are orders of magnitude apart. */
function bars(title, unit, names, series) {
  if (names.length === 0) return null;
  const values = Object.values(series).flat();
  const min = 10 ** Math.floor(Math.log10(Math.min(...values) * 0.99));
  return {
    height: 90 + names.length * Object.keys(series).length * 26,
    title: `${title} (${unit}, logarithmic; less is better)`,
    xAxis: {
      type: "log",
      min,
      // Where the bars start; 1 otherwise, which is not the least.
      startValue: min,
      max: 10 ** Math.ceil(Math.log10(Math.max(...values) * 1.5)),
    },
    yAxis: { type: "category", inverse: true, data: names },
    series: Object.entries(series).map(([name, data]) => ({
      name,
      type: "bar",
      data,
      label: {
        show: true,
        position: "right",
        color: GREY,
        formatter: ({ value }) => value.toLocaleString("en"),
      },
    })),
  };
}

function curves(title, unit, of, { counts, lines }) {
  if (counts.length === 0) return null;
  return {
    height: 340,
    title: `${title} (${unit})`,
    xAxis: {
      type: "category",
      data: counts.map((count) => `${count.toLocaleString("en")} ${of}`),
    },
    yAxis: { type: "value" },
    series: Object.entries(lines).map(([name, data]) => ({
      name,
      type: "line",
      data,
      symbol: "circle",
      symbolSize: 8,
    })),
  };
}

function toSvg({ height, title, xAxis, yAxis, series }) {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  const axis = {
    axisLabel: { color: GREY },
    axisLine: { lineStyle: { color: GREY } },
    splitLine: { show: false, lineStyle: { color: LINE } },
  };
  const value = { ...axis, splitLine: { show: true, lineStyle: { color: LINE } } };
  const styled = (each) => ({ ...(each.type === "category" ? axis : value), ...each });
  chart.setOption({
    animation: false,
    backgroundColor: "transparent",
    color: COLOURS,
    title: { text: title, left: 8, top: 8, textStyle: { color: GREY, fontSize: 15 } },
    legend: { show: series.length > 1, top: 34, left: 8, itemGap: 28, textStyle: { color: GREY } },
    // Wider than the library thinks that names are: the viewer has another font.
    grid: { left: 48, right: 48, top: 68, bottom: 12, containLabel: true },
    xAxis: styled(xAxis),
    yAxis: styled(yAxis),
    // Nobody points at a picture.
    series: series.map((each) => ({ ...each, silent: true, emphasis: { disabled: true } })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // What happens under a pointer, with names that the library counts in the process: a picture depends on itself alone.
  const still = svg
    .replaceAll(/ class="[^"]*"/gu, "")
    .replace(/<style .*<\/style>\n/su, "")
    .replaceAll(/\bzr\d+-/gu, "zr-");
  return `${still}\n`;
}
