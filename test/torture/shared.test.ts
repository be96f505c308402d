import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryDirectory, temporaryLock } from "../support/directory.js";
import { hasFlock } from "../support/foreign.js";
import { hasBarman } from "../support/peer.js";
import { Crew } from "./crew.js";
import { report, scale, seeded } from "./scale.js";

/** Acquisitions of our processes until it is enough. */
const ENOUGH = scale(3_000, 50_000);
const MOST_MS = scale(240_000, 1_200_000);

it(
  "nobody holds alone beside who shares, whoever is killed, stopped or swept away",
  async () => {
    const random = seeded("shared");
    const file = join(temporaryDirectory(), ".main-xlogdb.lock");
    const counts = { acquired: 0, beside: 0, barman: 0, flock: 0, swept: 0 };
    const violations: unknown[] = [];
    const crew = new Crew((message) => {
      if ("violation" in message) violations.push(message["violation"]);
      for (const key of ["acquired", "beside", "barman", "flock", "swept"] as const) {
        counts[key] += Number(message[key] ?? 0);
      }
    });
    const cast = [
      ...["0.9", "0.7", "0.7", "0.3"].map((portion) => ["ours", "share", portion] as const),
      ...(hasBarman ? [["barman", "exclude"] as const, ["barman", "exclude"] as const] : []),
    ];
    for (const [maker, role, ...rest] of cast) await crew.add(maker, role, file, ...rest);
    await crew.add("ours", "sweep", file);
    await crew.add("ours", "probe", file);
    if (hasFlock) await crew.add("ours", "flock", file);

    let killed = 0;
    let stopped = 0;
    const end = performance.now() + MOST_MS;
    try {
      while (counts.acquired < ENOUGH && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 20 + random() * 60));
        const holders = crew.members.filter(
          ({ args, child }) =>
            ["share", "exclude"].includes(args[0] ?? "") &&
            child.exitCode === null &&
            child.signalCode === null,
        );
        const victim = holders[Math.floor(random() * holders.length)];
        if (victim === undefined) throw new Error("all contenders have ended");
        if (random() < 0.3) {
          victim.child.kill("SIGKILL");
          await victim.ended;
          const [role = "", ...rest] = victim.args;
          await crew.add(victim.maker, role, ...rest);
          killed++;
        } else {
          victim.child.kill("SIGSTOP");
          await new Promise((resolve) => setTimeout(resolve, random() * 30));
          victim.child.kill("SIGCONT");
          stopped++;
        }
      }
    } finally {
      await crew.kill();
    }
    report(
      `readers and writers: ${counts.acquired} acquisitions of ours (${counts.beside} shared at the same time), ${counts.barman} of Barman's, ${counts.flock} of flock -s, ${killed} killed, ${stopped} stopped, ${counts.swept} sweeps`,
      `${violations.length} violations`,
      "0",
    );
    expect(violations).toEqual([]);
    expect(counts.acquired).toBeGreaterThanOrEqual(ENOUGH);
    expect(Math.min(counts.beside, killed, stopped, counts.swept)).toBeGreaterThan(0);
  },
  MOST_MS + 60_000,
);

it("a free lock that was shared before is never busy because somebody looks who owns it", async () => {
  const file = temporaryLock();
  const crew = new Crew();
  const attempts = scale(5_000, 100_000);
  try {
    // It is killed while it shares, and what it has written stays.
    const reader = await crew.add("ours", "shareOnce", file);
    await expect.poll(() => reader.messages.length, { timeout: 20_000 }).toBeGreaterThan(0);
    reader.child.kill("SIGKILL");
    await reader.ended;
    await crew.add("ours", "probe", file);
    await crew.add("ours", "probe", file);
    const contender = await crew.add("ours", "take", file, attempts, "false");
    await contender.ended;
    const [{ busy } = {}] = contender.messages;
    report(`false busy: ${attempts} attempts beside looks, after a reader`, `${busy} busy`, "0");
    expect(contender.messages).toEqual([{ attempts, busy: 0 }]);
  } finally {
    await crew.kill();
  }
});
