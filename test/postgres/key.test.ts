import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyFrom, keyOf } from "../../src/postgres/key.js";
import { tokenFrom } from "../../src/postgres/token.js";

describe("the key of a name", () => {
  // Programs of every version must come to these, or they do not exclude each other.
  it.each([
    ["", ".main-backup.lock", -689454608274881437n],
    ["", ".cron.lock", 4388670714223863237n],
    ["", ".pg-main-20260101T120000-sync-backup.lock", 4955736585692172234n],
    ["two", ".main-backup.lock", 7373133750303297895n],
    ["", ".é-backup.lock", -6760607535754457590n],
    ["", ".🔒-backup.lock", 1531896142707001005n],
    ["", `.${"x".repeat(243)}-backup.lock`, -6094414309301572938n],
  ])("in namespace %j, of %j, is frozen", (namespace, name, key) => {
    expect(keyOf(namespace, name)).toBe(key);
  });

  it("is the first eight bytes of SHA-256, as any other program may compute it", () => {
    const digest = createHash("sha256").update("lock-catalogue\0ns\0a.lock").digest("hex");
    expect(BigInt.asUintN(64, keyOf("ns", "a.lock")).toString(16).padStart(16, "0")).toBe(
      digest.slice(0, 16),
    );
  });

  it("does not confuse a namespace with the beginning of a name", () => {
    expect(keyOf("a", "b")).not.toBe(keyOf("", "ab"));
    expect(keyOf("a", "b")).not.toBe(keyOf("ab", ""));
  });

  it("is read back from the halves that pg_locks has", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (key) => {
        const unsigned = BigInt.asUintN(64, key);
        const halves = [unsigned >> 32n, unsigned & 0xffffffffn].map(String);
        expect(keyFrom(halves[0], halves[1])).toBe(key);
      }),
    );
  });
});

describe("a token", () => {
  it("is the timeline above the place in the log", () => {
    expect(tokenFrom("00000001", "0/0")).toBe(1n << 51n);
    expect(tokenFrom("00000001", "0/15E3A28")).toBe((1n << 51n) | (0x15e3a28n >> 3n));
    expect(tokenFrom("0000000A", "16/B374D848")).toBe((10n << 51n) | (0x16b374d848n >> 3n));
  });

  it("rises with the place, and with the timeline whatever the place", () => {
    expect(tokenFrom("00000001", "1/0")).toBeGreaterThan(tokenFrom("00000001", "0/FFFFFFF8"));
    expect(tokenFrom("00000002", "0/8")).toBeGreaterThan(tokenFrom("00000001", "FFFFF/FFFFFFF8"));
  });

  it("is a positive bigint of PostgreSQL, or an error", () => {
    expect(tokenFrom("00000FFF", "3FFFFF/FFFFFFF8")).toBe(2n ** 63n - 1n);
    expect(() => tokenFrom("00001000", "0/8")).toThrow(RangeError);
    expect(() => tokenFrom("00000001", "400000/0")).toThrow(RangeError);
  });
});
