import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { drawing } from "../../codegen/emit/mermaid.js";
import { ROOT } from "../support/root.js";
import { Workshop } from "./workshop.js";

/** Each text as the arrows that Mermaid finds in it, or why it does not take it. */
const READER = `
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");
const read = async (text) => {
  try {
    // This also loads what knows the kind of diagram.
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const { edges } = db.getData();
    const nodes = new Map(db.getData().nodes.map(({ id, label }) => [id, label]));
    return edges.map(({ start, end, pattern }) => [nodes.get(start), pattern, nodes.get(end)].join(" "));
  } catch (error) {
    return String(error);
  }
};
const texts = JSON.parse(readFileSync("texts.json", "utf8"));
const answers = [];
for (const text of texts) answers.push(await read(text));
console.log(JSON.stringify(answers));
`;

/** Words of Mermaid's and of JavaScript's, and what looks like an end of an arrow. */
const NAMES = [
  "_blank _parent _self _top call classDef click direction e end endLock flowchart graph graph1 href",
  "interpolate linkStyle o style subgraph subgraphs swimlane title v x xLock TB LR __defineGetter__ $Lock Lock$ A$B A_B toString",
].flatMap((line) => line.split(" "));

it("Mermaid reads the arrows of every drawing as they are meant, whatever the kinds are called", () => {
  const project = new Workshop().empty("mermaid", { type: "module" });
  project.must("npm", ["install", "--no-audit", "--no-fund", "mermaid@12", "jsdom@26"]);
  const golden = path.join(ROOT, "test/codegen/golden");
  const folders = [ROOT, ...readdirSync(golden).map((name) => path.join(golden, name))];
  const committed = folders.flatMap((folder) => {
    const page = readFileSync(path.join(folder, "generated/LOCKS.md"), "utf8");
    return Array.from(page.matchAll(/^```mermaid\n(.*?)^```$/gmsu), ([, text = ""]) => text);
  });
  expect(committed.length).toBeGreaterThanOrEqual(3);
  const arrows = NAMES.flatMap((name) => [
    { from: name, to: "Other" },
    { from: "Other", to: name, isDotted: true },
  ]);
  const named = drawing(arrows)?.split("\n").slice(1, -1).join("\n");
  project.write("read.mjs", READER);
  project.write("texts.json", JSON.stringify([named, ...committed]));
  const [ours, ...others] = JSON.parse(project.must(process.execPath, ["read.mjs"]));
  expect(Array.isArray(ours) ? ours.toSorted() : ours).toEqual(
    arrows
      .map(({ from, to, isDotted }) => `${from} ${isDotted ? "dotted" : "normal"} ${to}`)
      .toSorted(),
  );
  const lines = committed.map((text) => text.trimEnd().split("\n").length - 1);
  expect(others.map((found: unknown[]) => found.length)).toEqual(lines);
  expect(others.every(Array.isArray)).toBe(true);
});
