import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cliIn, MAIN } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";
import { TYPED_CATALOGUE } from "../support/typed-catalogue.js";

/** Runs a command on a catalogue whose parameters have types, in a directory for its locks. */
function typed(...args: readonly string[]) {
  const cwd = temporaryDirectory();
  writeFileSync(join(cwd, "typed.mjs"), TYPED_CATALOGUE);
  const [command = "", ...rest] = args;
  const ran = cliIn({ cwd }, command, "--catalogue", "./typed.mjs", ...rest);
  return ran.then((end) => ({ ...end, files: readdirSync(cwd).filter((n) => n !== "typed.mjs") }));
}

describe("a parameter with a list of values", () => {
  it("takes each of them", async () => {
    const flags = ["--directory", ".", "--job", "archive"];
    const { code, err, files } = await typed("run", "JobLock", ...flags, "--", "true");
    expect({ code, err, files }).toEqual({ code: 0, err: "", files: ["archive.lock"] });
  });

  it.each([
    ["run", 125, ["--", "true"]],
    ["who", 2, []],
  ] as const)("%s refuses any other and says which there are", async (command, code, rest) => {
    const flags = ["--directory", ".", "--job", "backups"];
    const end = await typed(command, "JobLock", ...flags, ...rest);
    expect(end).toMatchObject({ code, out: "", files: [] });
    expect(end.err).toContain(
      "option '--job <value>' argument 'backups' is invalid. Allowed choices are backup, archive, restore.",
    );
  });

  it("is shown with them in the help", async () => {
    const { code, out } = await typed("run", "JobLock", "--help");
    expect(code).toBe(0);
    expect(out.replace(/\s+/gu, " ")).toContain(
      'part of the file\'s name (choices: "backup", "archive", "restore")',
    );
    expect(out).toContain("run JobLock --directory /var/lib/barman --job backup -- sleep 60");
  });
});

describe("a parameter of type integer", () => {
  it.each(["0", "15"])("takes %s", async (slot) => {
    const flags = ["--directory", ".", "--slot", slot];
    const { code, err, files } = await typed("run", "SlotLock", ...flags, "--", "true");
    expect({ code, err, files }).toEqual({ code: 0, err: "", files: [`slot${slot}`] });
  });

  it.each(["16", "07", "1e1", "one", ""])("refuses %j and says which there are", async (slot) => {
    const flags = ["--directory", ".", `--slot=${slot}`];
    const end = await typed("run", "SlotLock", ...flags, "--", "true");
    expect(end).toMatchObject({ code: 125, out: "", files: [] });
    expect(end.err).toContain("It must be a whole number from 0 to 15, without zeros in front.");
  });

  it("is shown in the help, and by ls as it was given", async () => {
    const { out } = await typed("run", "SlotLock", "--help");
    expect(out).toContain("part of the file's name: a whole number from 0 to 15");
    expect(out).toContain("--slot 15 -- sleep 60");
    const flags = ["--directory", ".", "--slot", "7"];
    const ls = [
      process.execPath,
      MAIN,
      "ls",
      "--catalogue",
      "./typed.mjs",
      ".",
      "--format",
      "json",
    ];
    const listed = await typed("run", "SlotLock", ...flags, "--", ...ls);
    expect(JSON.parse(listed.out)).toMatchObject([
      { kind: "SlotLock", parameters: { slot: "7" }, state: "held" },
    ]);
  });
});

describe("a kind that takes its values by name", () => {
  it("gets each flag as the value of its name", async () => {
    const flags = ["--directory", ".", "--second", "b", "--first", "a"];
    const { code, err, files } = await typed("run", "PairLock", ...flags, "--", "true");
    expect({ code, err, files }).toEqual({ code: 0, err: "", files: ["a-b"] });
  });
});
