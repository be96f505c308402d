import { expect, it } from "vitest";
import { temporaryLock } from "../support/directory.js";
import { Crew } from "./crew.js";
import { report, scale } from "./scale.js";

it.each([
  ["two processes", "probe", 150_000],
  ["Workers of two processes that sleep", "probeInWorker", 150_000],
])(
  "a free lock is never busy because somebody looks who owns it: %s",
  async (lookers, role, most) => {
    const file = temporaryLock();
    let probed = 0;
    const crew = new Crew((message) => {
      probed += Number(message["probed"] ?? 0);
    });
    try {
      // The file must be there, or there is nothing to look at.
      const first = await crew.add("ours", "take", file, 1);
      await first.ended;
      await crew.add("ours", role, file);
      await crew.add("ours", role, file);
      const contender = await crew.add("ours", "take", file, scale(5_000, most));
      await contender.ended;
      const [{ attempts, busy } = {}] = contender.messages;
      report(
        `false busy: ${attempts} attempts beside ${probed} looks of ${lookers}`,
        `${busy} busy`,
        "0",
      );
      expect(busy).toBe(0);
      expect(attempts).toBe(scale(5_000, most));
      expect(probed).toBeGreaterThan(0);
    } finally {
      await crew.kill();
    }
  },
);
