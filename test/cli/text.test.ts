import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../src/cli/format.js";
import { parameterFlags } from "../../src/cli/kind-command.js";
import { cut, layTable } from "../../src/cli/table.js";
import { LockFile } from "../../src/index.js";
import { quoted, visible } from "../../src/text.js";

const SEED = 20_261_123;
const PIPE = { columns: undefined, colours: false };

describe("a duration", () => {
  it.each([
    ["500ms", 500],
    ["0s", 0],
    ["1.5s", 1500],
    ["30s", 30_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
  ])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toEqual({ ms, text });
  });

  it.each(["", "5", "s", "-1s", "+1s", "1 s", "1e3s", "5d", "5S", "١s", "1s2s", "Infinity"])(
    "%j is none",
    (text) => {
      expect(() => parseDuration(text)).toThrow("500ms, 30s, 5m or 2h");
    },
  );

  it.each([
    [-5, "0s"],
    [999, "0s"],
    [59_999, "59s"],
    [60_000, "1m 0s"],
    [3_725_000, "1h 2m"],
    [90_000_000, "1d 1h"],
    [86_400_000 * 400, "400d 0h"],
  ])("of %d ms is shown as %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe("a text from anywhere", () => {
  it("is shown without anything that a terminal would obey or hide", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(quoted(text)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }),
      { seed: SEED, numRuns: 2000 },
    );
    expect(visible("a\x1b[31m\u202eb\r\n\u{e0001}")).toBe("a\\x1b[31m\\u202eb\\r\\n\\u{e0001}");
    expect(visible("é 日本語 🔒")).toBe("é 日本語 🔒");
  });

  it("goes without quotes only where it is plain", () => {
    expect(["pg-main", "20260101T120000", "é.x", "日本"].map(quoted)).toEqual([
      ...["pg-main", "20260101T120000", "é.x", "日本"],
    ]);
    expect(["", "a b", "a=b", 'a"b', "$x"].map(quoted)).toEqual([
      ...['""', '"a b"', '"a=b"', '"a\\"b"', '"$x"'],
    ]);
  });
});

describe("a table", () => {
  it("counts columns of a terminal, in which some characters take two and some none", () => {
    const rows = [
      ["A", "B"],
      ["日本", "x"],
      ["e\u0301", "y"],
    ];
    const cells = rows.map((row) => row.map((text) => ({ text })));
    expect(layTable(cells, PIPE)).toEqual(["A     B", "日本  x", "e\u0301     y"]);
  });

  it("cuts the columns that give way, never inside a character, and leaves the others whole", () => {
    expect(cut("日本語", 6)).toBe("日本語");
    expect(cut("日本語", 5)).toBe("日本…");
    expect(cut("日本語", 4)).toBe("日…");
    expect(cut("👩‍👩‍👧x", 2)).toBe("…");
    const row = [{ text: "whole" }, { text: "x".repeat(100) }];
    const at = (columns: number, yielding?: number[]) =>
      layTable([row], { columns, colours: false }, yielding);
    expect(at(40, [1])).toEqual([`whole  ${"x".repeat(32)}…`]);
    expect(at(40)).toEqual([`whole  ${"x".repeat(100)}`]);
    // A column that would say nothing any more is left out, and the others have its room.
    expect(at(18, [1])).toEqual(["whole"]);
    expect(at(3, [1])).toEqual(["whole"]);
  });

  it("takes the short form of a column that has one, before it leaves another out", () => {
    const rows = [
      [{ text: "PID" }, { text: "SINCE" }, { text: "COMMAND" }],
      [{ text: "17" }, { text: "2026-11-23 (3s)", short: "3s" }, { text: "c".repeat(30) }],
    ];
    const at = (columns: number) => layTable(rows, { columns, colours: false }, [2, 1]);
    expect(at(38)[1]).toBe(`17   2026-11-23 (3s)  ${"c".repeat(15)}…`);
    expect(at(33)[1]).toBe(`17   3s     ${"c".repeat(20)}…`);
    expect(at(24)[1]).toBe(`17   3s     ${"c".repeat(11)}…`);
    expect(at(23)).toEqual(["PID  SINCE", "17   2026-11-23 (3s)"]);
    expect(at(12)).toEqual(["PID  SINCE", "17   3s"]);
    expect(at(9)).toEqual(["PID", "17"]);
  });

  it("is as wide with colours as without", () => {
    const row = [{ text: "a", style: "red" } as const, { text: "b" }];
    expect(layTable([row, [{ text: "long" }, { text: "c" }]], { ...PIPE, colours: true })).toEqual([
      ...["\x1b[31ma\x1b[39m     b", "long  c"],
    ]);
  });
});

describe("the flag of a parameter", () => {
  function flagsOf(...parameters: string[]): unknown[] {
    class Kind extends LockFile {
      static override readonly PARAMETERS = Object.fromEntries(
        parameters.map((parameter) => [parameter, /^[^/]+$/u]),
      );
    }
    const options = parameterFlags(Kind, ["--directory", "--wait"]);
    return options.map(({ long }) => long);
  }

  it("is its name in small letters, with hyphens", () => {
    expect(flagsOf("serverName", "URL", "backupID2", "server_name2", "größe", "_x")).toEqual([
      ...["--server-name", "--url", "--backup-id2", "--server-name2", "--größe", "--x"],
    ]);
  });

  it("is another where that is taken, or would negate another flag", () => {
    expect(flagsOf("directory", "wait", "noWait", "aB", "a_b", "a_B")).toEqual([
      ...["--lock-directory", "--lock-wait", "--lock-no-wait", "--a-b", "--lock-a-b", "--a_B"],
    ]);
    expect(flagsOf("lock_directory", "directory")).toEqual([
      ...["--lock-directory", "--lock-lock-directory"],
    ]);
  });
});
