import { describe, expect, it } from "vitest";
import { Evidence, type Look } from "../../src/holder/evidence.js";

const look = (pid: number | null, listed: number | null, taker: number | null): Look => ({
  pid,
  listed,
  taker,
  certain: false,
});

/** 1 holds, and its PID is not in the file yet: there, 2 has left its own. */
const HELD = look(2, 1, 1);
/** 1 has given the lock back before it was asked whether it has the file open, and 2 contends again. */
const TORN = look(2, 1, null);
/** 3 was granted the lock by a helper that is gone. */
const GRANTED = look(3, 9, null);
/** The table does not list the file. */
const UNLISTED = look(2, null, null);
const NOBODY = look(null, null, null);

describe("looks at a lock", () => {
  it.each([
    ["one that comes three times in a row", [GRANTED, GRANTED, GRANTED], GRANTED],
    ["one that came three times in a row before", [HELD, HELD, HELD, TORN], HELD],
    ["the last that did", [HELD, HELD, HELD, GRANTED, GRANTED, GRANTED], GRANTED],
    ["one with a process that had the file open, where none does", [TORN, HELD, TORN], HELD],
    ["nobody, where none of them is worth it", [TORN, GRANTED, TORN, GRANTED], NOBODY],
    ["the file alone where the table never lists it", [UNLISTED, UNLISTED, UNLISTED], UNLISTED],
    ["not the file alone where the table lists it", [UNLISTED, UNLISTED, UNLISTED, HELD], HELD],
    ["what the table listed before", [HELD, UNLISTED, UNLISTED, UNLISTED, HELD, HELD], HELD],
  ])("make us believe %s", (_which, seen, believed) => {
    const looks = new Evidence();
    for (const one of seen.slice(0, -1)) expect(looks.conclude(one, false)).toBeNull();
    expect(looks.conclude(seen.at(-1) ?? NOBODY, true)).toEqual(believed);
  });

  it("are three at least, however late it is", () => {
    const looks = new Evidence();
    expect(looks.conclude(HELD, true)).toBeNull();
    expect(looks.conclude(HELD, true)).toBeNull();
    expect(looks.conclude(HELD, true)).toEqual(HELD);
  });

  it("are over with one that is certain", () => {
    const certain = { ...look(1, 1, 1), certain: true };
    expect(new Evidence().conclude(certain, false)).toBe(certain);
  });
});
