import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { drawing, withoutDetours } from "../../codegen/emit/mermaid.js";
import { emit, load } from "../../codegen/index.js";
import { ROOT } from "../support/root.js";

const GOLDEN = path.join(ROOT, "test/codegen/golden");
const NAMES = ["A", "B", "C", "D", "E", "F"];

/** The drawings of a page, each as its arrows. */
function drawingsOf(page: string): string[][] {
  return Array.from(page.matchAll(/^```mermaid\nflowchart LR\n(.*?)^```$/gmsu), ([, body = ""]) =>
    body.trimEnd().split("\n"),
  );
}

/** What Mermaid takes: `test/package/mermaid.test.ts` asks Mermaid itself. */
const NODE = /(?:[A-Za-z_$][\w$]*|kind\.\w+\["\w+"\])/u.source;
const ARROW = new RegExp(`^  ${NODE} (?:-->|-\\.->) ${NODE}$`, "u");

test("every drawing that is committed consists of nodes and arrows", () => {
  const folders = readdirSync(GOLDEN).map((name) => path.join(GOLDEN, name));
  const pages = [ROOT, ...folders].map((folder) =>
    readFileSync(path.join(folder, "generated/LOCKS.md"), "utf8"),
  );
  const drawings = pages.flatMap(drawingsOf);
  expect(drawings.length).toBeGreaterThanOrEqual(3);
  for (const arrow of drawings.flat()) expect(arrow).toMatch(ARROW);
  expect(pages.join("").split("```mermaid").length - 1).toBe(drawings.length);
});

test("Barman's drawing says which kind is inside which, without what follows from it", () => {
  const page = readFileSync(path.join(ROOT, "generated/LOCKS.md"), "utf8");
  const [inside] = drawingsOf(page);
  expect(inside).toEqual([
    "  ConfigUpdateLock --> ServerBackupIdLock",
    "  ServerBackupLock --> ServerBackupIdLock",
    "  ServerBackupSyncLock --> ServerBackupLock",
    "  ServerCronLock --> ServerBackupIdLock",
    "  ServerWalArchiveLock --> ServerBackupIdLock",
    "  ServerWalReceiveLock --> ServerBackupIdLock",
    "  ServerWalSyncLock --> ServerBackupIdLock",
    "  ServerXLOGDBLock --> ServerBackupIdLock",
  ]);
});

test("what precedes as the spec says is dotted, and a word of Mermaid's is a label", () => {
  expect(
    drawingsOf(readFileSync(path.join(GOLDEN, "settled-overlap/generated/LOCKS.md"), "utf8")),
  ).toEqual([["  EndsLock --> AnyLock", "  StartsLock --> AnyLock", "  StartsLock -.-> EndsLock"]]);
  expect(
    drawingsOf(readFileSync(path.join(GOLDEN, "ordered-locks/generated/LOCKS.md"), "utf8")),
  ).toEqual([
    [
      "  CatalogueLock --> OrderLock",
      "  CatalogueLock --> StockLock",
      "  OrderLock --> StockLock",
      '  StockLock --> kind.call["call"]',
    ],
  ]);
});

test("what is left without detours leads to the same kinds, and nothing less does", () => {
  const arrows = fc.array(fc.boolean(), { minLength: 36, maxLength: 36 }).map((dice) => {
    // Names go one way; whatever can be reached by several arrows has one of its own, as kinds inside kinds do.
    const has = (from: number, to: number) => from < to && dice[from * 6 + to] === true;
    const reaches = (from: number, to: number): boolean =>
      has(from, to) || NAMES.some((_, by) => has(from, by) && reaches(by, to));
    return NAMES.flatMap((from, at) =>
      NAMES.flatMap((to, other) => (reaches(at, other) ? [{ from, to }] : [])),
    );
  });
  const reached = (all: readonly { from: string; to: string }[], from: string): Set<string> => {
    const found = new Set<string>();
    for (const arrow of all.filter((one) => one.from === from)) {
      found.add(arrow.to);
      for (const further of reached(all, arrow.to)) found.add(further);
    }
    return found;
  };
  fc.assert(
    fc.property(arrows, (all) => {
      const left = withoutDetours(all);
      for (const name of NAMES) expect(reached(left, name)).toEqual(reached(all, name));
      for (const arrow of left) {
        const without = left.filter((other) => other !== arrow);
        expect(reached(without, arrow.from)).not.toContain(arrow.to);
      }
    }),
    { seed: 20_261_126, numRuns: 1_000 },
  );
});

test("more arrows than Mermaid draws are left to the list", () => {
  const arrows = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ from: `K${at}`, to: "Wide" }));
  expect(drawing(arrows(500))?.split("\n")).toHaveLength(503);
  expect(drawing(arrows(501))).toBeNull();
  const long = "L".repeat(60);
  const wordy = arrows(450).map(({ from }) => ({ from: long + from, to: long }));
  expect(drawing(wordy)).toBeNull();

  const kinds = Array.from({ length: 501 }, (_, at) => `K${at}Lock`);
  const text = `catalogue: c
output: out
parameters: { any: {} }
locks:
  WideLock: { template: "{any}.lock", description: D. }
${kinds.map((name) => `  ${name}: { template: ${name}.lock, description: D. }\n`).join("")}`;
  const { spec, proof } = load({ file: "locks.yaml", text });
  if (spec === null) throw new Error("it is a valid catalogue");
  const page = emit(spec, proof).get("LOCKS.md");
  expect(page).toContain("- before `WideLock`, which also reads `K7Lock.lock`");
  expect(page).not.toMatch(/mermaid|arrow/u);
});
