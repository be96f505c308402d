import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../support/directory.js";
import { hasBarman } from "../support/peer.js";
import { Crew } from "./crew.js";
import { LONG, report, scale } from "./scale.js";

const HOLD_MS = 5;
const LASTS_MS = scale(1_500, 10_000);

/** Lets contenders that all wait and hold for 5 ms compete, and counts who got how much. */
async function compete(
  ours: number,
  barmans: number,
): Promise<{ ours: number; barman: number; longest: number }> {
  const file = join(temporaryDirectory(), ".main-xlogdb.lock");
  const crew = new Crew();
  try {
    for (let i = 0; i < barmans; i++) {
      await crew.ready("barman", "compete", file, 1, HOLD_MS, LASTS_MS);
    }
    await crew.ready("ours", "compete", file, ours, HOLD_MS, LASTS_MS);
    crew.go();
    await crew.ended(LASTS_MS + 60_000);
  } finally {
    await crew.kill();
  }
  const sum = (maker: string): number =>
    crew.members
      .filter((member) => member.maker === maker)
      .reduce((total, { messages }) => total + Number(messages[0]?.["acquired"]), 0);
  const longest = crew.members.at(-1)?.messages[0]?.["longest"];
  return { ours: sum("ours"), barman: sum("barman"), longest: Number(longest) };
}

describe.skipIf(!hasBarman)("the wait is fair", () => {
  it("beside three Barman processes that take the lock without a pause", async () => {
    const { ours, barman, longest } = await compete(1, 3);
    const share = ours / ((ours + barman) / 4);
    report(
      `fairness: one of ours beside three of Barman's`,
      `${share.toFixed(2)} of an equal share`,
      "≥ 0.5",
    );
    report(`fairness: longest wait beside them`, `${longest.toFixed(0)} ms`, "< 250 ms");
    expect(ours).toBeGreaterThan(0);
    expect(barman).toBeGreaterThan(0);
    if (LONG) expect(share).toBeGreaterThanOrEqual(0.5);
    if (LONG) expect(longest).toBeLessThan(250);
  });

  it("to a single Barman process beside 100 contenders of ours", async () => {
    const { ours, barman } = await compete(100, 1);
    const share = barman / ((ours + barman) / 2);
    report(
      `fairness: one of Barman's beside 100 in one process of ours`,
      `${share.toFixed(2)} of an equal share`,
      "≥ 0.5",
    );
    report(`fairness: the 100 beside it`, `${(2 - share).toFixed(2)} of an equal share`, "≥ 0.5");
    expect(ours).toBeGreaterThan(0);
    expect(barman).toBeGreaterThan(0);
    if (LONG) expect(share).toBeGreaterThanOrEqual(0.5);
    if (LONG) expect(2 - share).toBeGreaterThanOrEqual(0.5);
  });
});
