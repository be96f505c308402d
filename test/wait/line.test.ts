import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Line } from "../../src/wait/line.js";
import { Patience } from "../../src/wait/patience.js";

const SEED = 20_261_126;

interface Contender {
  readonly patience: Patience;
  leave: (() => void) | null | undefined;
}

const action = fc.record({
  what: fc.constantFrom("enter", "enter", "leave", "giveUp"),
  who: fc.nat(9),
  twice: fc.boolean(),
});

describe("a line", () => {
  it("lets come to the front who came first of those that neither left nor gave up", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        const line = new Line<string>();
        /** What it should be. */
        const model: Contender[] = [];
        for (const { what, who, twice } of actions) {
          const one = model[who % Math.max(1, model.length)];
          if (what === "enter") {
            const entered: Contender = { patience: new Patience(60_000), leave: undefined };
            model.push(entered);
            void line.enter("key", entered.patience).then((leave) => {
              entered.leave = leave;
            });
          } else if (one !== undefined) {
            if (what === "giveUp") one.patience.stop();
            // Whoever stands at the front and gives up is inside, and leaves by itself.
            if (what === "leave" || one.leave) {
              if (!one.leave) continue;
              one.leave();
              if (twice) one.leave();
            }
            model.splice(model.indexOf(one), 1);
          }
          await new Promise(setImmediate);
          expect(line.has("key")).toBe(model.length > 0);
          expect(line.has("other")).toBe(false);
          expect(model.map(({ leave }) => typeof leave)).toEqual(
            model.map((_, i) => (i === 0 ? "function" : "undefined")),
          );
          expect(model.map(({ patience }) => line.before("key", patience))).toEqual([
            ...model.keys(),
          ]);
        }
        for (const { patience } of model) patience.stop();
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});
