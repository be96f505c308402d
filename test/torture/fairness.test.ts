import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../support/directory.js";
import { hasFlock } from "../support/foreign.js";
import { hasBarman } from "../support/peer.js";
import { Crew } from "./crew.js";
import { LONG, report, scale } from "./scale.js";

const HOLD_MS = 5;
const LASTS_MS = scale(1_500, 10_000);

/** What one side got, and (ms) how long it waited at most. */
interface Got {
  readonly acquired: number;
  readonly longest: number;
}

/** Lets those of a role compete with Barman's processes, which all wait and hold for 5 ms without a pause. */
async function compete(
  barmans: number,
  role: "compete" | "competeByFlock",
  ...args: readonly unknown[]
): Promise<{ share: number; barmans: readonly number[] } & Got> {
  const file = join(temporaryDirectory(), ".main-xlogdb.lock");
  const crew = new Crew();
  try {
    for (let i = 0; i < barmans; i++) {
      await crew.ready("barman", "compete", file, 1, HOLD_MS, LASTS_MS);
    }
    await crew.ready("ours", role, file, ...args, HOLD_MS, LASTS_MS);
    crew.go();
    await crew.ended(LASTS_MS + 60_000);
  } finally {
    await crew.kill();
  }
  const got = crew.members.map(({ messages: [got] }) => got as unknown as Got);
  const { acquired, longest } = got.pop() ?? { acquired: 0, longest: 0 };
  const equal = got.reduce((total, { acquired }) => total + acquired, acquired) / (barmans + 1);
  const shares = got.map(({ acquired }) => acquired / equal).sort((a, b) => a - b);
  return { share: acquired / equal, barmans: shares, acquired, longest };
}

/**
 * Who releases asks again at once, and the kernel lets it have the lock if those that it has woken are not there yet: how
 * much one gets, and how long one waits, is the machine's, and the yardstick is flock(1) in our place on the same.
 */
describe.skipIf(!hasBarman || !hasFlock)("the wait is fair", () => {
  it.each([
    ["three Barman processes", 3, "one of ours", 1],
    ["one Barman process", 1, "100 contenders in one of ours", 100],
  ])("beside %s that take the lock without a pause: %s", async (whom, barmans, who, contenders) => {
    const ours = await compete(barmans, "compete", contenders);
    const flock = await compete(barmans, "competeByFlock");
    const figure = ({ share, longest }: typeof ours): string =>
      `${share.toFixed(2)} of an equal share, longest wait ${longest.toFixed(0)} ms`;
    report(`fairness: ${who} beside ${whom}`, figure(ours), "> flock(1)");
    report(`– the Barman processes`, ours.barmans.map((share) => share.toFixed(2)).join(", "), "");
    report(`– flock(1), one after the other, in its place`, figure(flock), "");
    expect(ours.acquired).toBeGreaterThan(0);
    expect(ours.barmans[0]).toBeGreaterThan(0);
    if (LONG) expect(ours.share).toBeGreaterThan(flock.share);
  });
});
