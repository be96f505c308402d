import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryDirectory } from "../support/directory.js";
import { hasBarman } from "../support/peer.js";
import { tries } from "../support/tries.js";
import { Crew } from "./crew.js";
import { report, scale, seeded } from "./scale.js";

/** Acquisitions of our processes until it is enough. */
const ENOUGH = scale(tries(3_000), 50_000);
const MOST_MS = scale(240_000, 1_200_000);

it(
  "nobody of ours ever holds beside another, whoever is killed, stopped or swept away",
  async () => {
    const random = seeded("exclusion");
    const file = join(temporaryDirectory(), ".main-xlogdb.lock");
    const counts = { acquired: 0, barman: 0, swept: 0 };
    const violations: unknown[] = [];
    const crew = new Crew((message) => {
      if ("violation" in message) violations.push(message["violation"]);
      for (const key of ["acquired", "barman", "swept"] as const) {
        counts[key] += Number(message[key] ?? 0);
      }
    });
    const cast = Array.from({ length: 5 }, () => ["ours", "exclude"] as const);
    const barmans = hasBarman
      ? Array.from({ length: 3 }, () => ["barman", "exclude"] as const)
      : [];
    for (const [maker, role] of [...cast, ...barmans]) await crew.add(maker, role, file);
    // One sweeper at a time: Barman's does not look again at what it has locked, so beside another sweeper
    // it removes files that somebody holds, which no holder can prevent.
    let sweeper = await crew.add("ours", "sweep", file);

    let killed = 0;
    let stopped = 0;
    const end = performance.now() + MOST_MS;
    try {
      while (counts.acquired < ENOUGH && performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 20 + random() * 60));
        const holders = crew.members.filter(
          ({ args, child }) =>
            args[0] === "exclude" && child.exitCode === null && child.signalCode === null,
        );
        const victim = holders[Math.floor(random() * holders.length)];
        if (victim === undefined) throw new Error("all contenders have ended");
        if (random() < 0.05 && hasBarman) {
          sweeper.child.kill("SIGKILL");
          await sweeper.ended;
          sweeper = await crew.add(sweeper.maker === "ours" ? "barman" : "ours", "sweep", file);
        } else if (random() < 0.3) {
          victim.child.kill("SIGKILL");
          await victim.ended;
          await crew.add(victim.maker, "exclude", file);
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
      `exclusion: ${counts.acquired} acquisitions of ours, ${counts.barman} of Barman's, ${killed} killed, ${stopped} stopped, ${counts.swept} sweeps`,
      `${violations.length} violations`,
      "0",
    );
    expect(violations).toEqual([]);
    expect(counts.acquired).toBeGreaterThanOrEqual(ENOUGH);
    expect(Math.min(killed, stopped, counts.swept)).toBeGreaterThan(0);
  },
  MOST_MS + 60_000,
);
