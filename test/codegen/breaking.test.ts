import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { breaking } from "../../codegen/index.js";
import { RULES } from "../../codegen/rules.js";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";
import { BREAKING_CASES, OLD } from "./breaking-cases.js";

function changed(changes: readonly (readonly [what: string, by: string])[]): string {
  return changes.reduce((text, [what, by]) => {
    expect(text, "a change that changes nothing").toContain(what);
    return text.replace(what, () => by);
  }, OLD);
}

/** Two specs in a directory, of which the new one is `locks.yaml`. */
function specs(old: string, now: string): string {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [
    ["old.yaml", old],
    ["locks.yaml", now],
  ]);
  return cwd;
}

test.each(BREAKING_CASES)(
  "$name: every finding, with its witness",
  ({ before, change, findings }) => {
    const cwd = specs(changed(before ?? []), changed(change));
    const { problems, data } = breaking({ cwd, against: "old.yaml" });
    expect(problems).toEqual([]);
    const found = data.findings.map(({ line, column, rule, kinds, witness }) => ({
      at: `${line}:${column} ${rule} ${kinds.join(", ")}`,
      witness: witness && [witness.name, witness.old, witness.new],
    }));
    expect(found).toEqual(findings);
  },
);

test("every rule has a case, short of the one for what cannot be decided", () => {
  const told = BREAKING_CASES.flatMap(({ findings }) => findings.map(({ at }) => at.split(" ")[1]));
  expect([...new Set(told), "undecided"].toSorted()).toEqual(Object.keys(RULES).toSorted());
});

test("what cannot be compared is a finding, not passed over", () => {
  // Each pattern by itself takes a thousand states, and the two side by side sixty thousand.
  const spec = (letter: string) => `catalogue: sample
output: out
parameters:
  id:
    pattern: "[abc]*${letter}[abc]{9}"
locks:
  IdLock:
    template: "{id}.lock"
    description: Protects an id.
`;
  const { problems, data } = breaking({ cwd: specs(spec("a"), spec("[ab]")), against: "old.yaml" });
  expect(problems).toEqual([]);
  expect(data.findings).toEqual([
    {
      file: "locks.yaml",
      line: 5,
      column: 14,
      rule: "undecided",
      breaks: "exclusion",
      kinds: ["IdLock"],
      parameter: "id",
      message:
        "whether the names of IdLock are the same as before cannot be decided: its automata are too large",
      witness: null,
      was: null,
    },
  ]);
});

const BARMAN = readFileSync(path.join(ROOT, "test/codegen/barman/locks.yaml"), "utf8");
const NEXT = BARMAN.replace("catalogue: barman", "catalogue: backups")
  .replace('"[^-]+"', '"[0-9T]+"')
  .replace(".cron.lock", ".crontab.lock")
  .replace("ServerXLOGDBLock", "ServerXlogLock")
  .replace(/ {2}ServerWalSyncLock:\n(?: {4}.*\n)*/u, "");

test.each(["text", "json", "github"])("--format %s comes out byte for byte", async (format) => {
  const cwd = specs(BARMAN, NEXT);
  const args = ["breaking", "--against", "old.yaml", "--format", format];
  const { code, out, err } = await cliIn({ cwd }, ...args);
  expect({ code, err }).toEqual({ code: 1, err: "" });
  await expect(out).toMatchFileSnapshot(`told/breaking-${format}.txt`);
});

test("the old spec can come through a pipe, as from git show", async () => {
  const cwd = specs(BARMAN, BARMAN);
  expect(await cliIn({ cwd: cwd, input: BARMAN }, "breaking", "--against", "-")).toEqual({
    code: 0,
    out: "Nothing breaking against standard input.\n",
    err: "",
  });
  const { code, out } = await cliIn({ cwd: cwd, input: NEXT }, "breaking", "--against", "-");
  expect(code).toBe(1);
  expect(out).toMatch(/\n4 breaking changes against standard input\.\n$/u);
});

test.each(["json", "github"])("--format %s with nothing breaking exits 0", async (format) => {
  const cwd = specs(BARMAN, BARMAN);
  const { code, out } = await cliIn(
    { cwd },
    "breaking",
    "--against=old.yaml",
    `--format=${format}`,
  );
  expect(code).toBe(0);
  if (format === "github") expect(out).toBe("");
  else expect(JSON.parse(out)).toMatchObject({ problems: [], findings: [] });
});

test("a spec with problems, old or new, exits 2 and prints them in every format", async () => {
  const bad = BARMAN.replace("wait: true", "wait: 1");
  const message = '"wait" has to be true or false, not the number 1';
  const args = ["breaking", "--against", "old.yaml", "--format"];
  for (const [file, cwd] of [
    ["old.yaml", specs(bad, BARMAN)],
    ["locks.yaml", specs(BARMAN, bad)],
  ] as const) {
    const text = await cliIn({ cwd }, ...args, "text");
    expect(text).toEqual({
      code: 2,
      out: "",
      err: `${file}:29:11: ${message}\n      wait: 1\n            ^\n\nThe specs were not compared: fix this first.\n`,
    });
    const github = await cliIn({ cwd }, ...args, "github");
    expect(github).toEqual({
      code: 2,
      out: `::error file=${file},line=29,col=11,title=lock-catalogue::${message}\n`,
      err: "",
    });
    const json = await cliIn({ cwd }, ...args, "json");
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toEqual({
      spec: "locks.yaml",
      against: "old.yaml",
      note: null,
      problems: [{ file, line: 29, column: 11, message, related: [] }],
      findings: [],
      accepted: [],
      unmatched: [],
    });
  }
});

test("problems of both specs are told, the old one's first", async () => {
  const cwd = specs("a: 1\n", "[]\n");
  const { code, err } = await cliIn({ cwd }, "breaking", "--against", "old.yaml");
  expect(code).toBe(2);
  expect(err).toMatch(/^old\.yaml:1:1: .+\n\nlocks\.yaml:1:1: the spec is a list.+compared/su);
});

test("an empty pipe, as from a failed git show, is no empty catalogue: it exits 2", async () => {
  const { code, err } = await cliIn(
    { cwd: specs(BARMAN, BARMAN), input: "" },
    "breaking",
    "--against",
    "-",
  );
  expect(code).toBe(2);
  expect(err).toContain("-:1:1: the spec is empty");
});

test.each([
  ["without --against", [], /required option '--against <file>'/u],
  ["with an old spec that is not there", ["--against", "nowhere"], /cannot read the spec nowhere/u],
  ["with an unknown format", ["--against", "old.yaml", "--format", "xml"], /text, json, github/u],
])("%s it exits 2", async (_, args, message) => {
  const { code, out, err } = await cliIn({ cwd: specs(BARMAN, BARMAN) }, "breaking", ...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(message);
});

test.each([
  ["breaking --help", ["breaking", "--help"]],
  ["help breaking", ["help", "breaking"]],
])("%s lists every rule, an example and the exit codes", async (_, args) => {
  const { code, out } = await cliIn({ cwd: ROOT }, ...args);
  expect(code).toBe(0);
  for (const [rule, [breaks, when]] of Object.entries(RULES)) {
    expect(out).toContain(`\n  ${rule.padEnd(22)} ${breaks.padEnd(10)} ${when}\n`);
  }
  expect(out).toContain("$ git show main:locks.yaml | npx lock-catalogue breaking --against -");
  expect(out).toMatch(/Exit codes:\n {2}0 {2}nothing breaking\n {2}1 {2}.+\n {2}2 {2}could not/u);
});

/** A repository, or what looks like the root of one, with specs in a package. */
function monorepo(old: string, now: string): { cwd: string } {
  const root = temporaryDirectory();
  const cwd = path.join(root, "packages/a");
  mkdirSync(path.join(root, ".git"));
  mkdirSync(cwd, { recursive: true });
  writeFiles(cwd, [
    ["old.yaml", old],
    ["locks.yaml", now],
  ]);
  return { cwd };
}

test.each([
  ["locks.yaml", "old.yaml"],
  ["./locks.yaml", "./old.yaml"],
])("--format github with %s names files from the root of the repository", async (spec, against) => {
  const { cwd } = monorepo(BARMAN, NEXT);
  const found = await cliIn({ cwd }, "breaking", spec, "--against", against, "--format=github");
  expect(found.out).toMatch(/^(?:::error file=packages\/a\/locks\.yaml,line=.*\n)+$/u);
  const bad = monorepo(BARMAN.replace("wait: true", "wait: 1"), NEXT);
  const { code, out } = await cliIn(bad, "breaking", spec, "--against", against, "--format=github");
  expect([code, out]).toEqual([
    2,
    expect.stringMatching(/^::error file=packages\/a\/old\.yaml,line=29,col=11,/u),
  ]);
});

test("--format github without a repository names files from the workspace of the runner", async () => {
  const { cwd } = monorepo(BARMAN, NEXT);
  const root = path.resolve(cwd, "../..");
  rmdirSync(path.join(root, ".git"));
  const args = ["breaking", "--against", "old.yaml", "--format=github"];
  const { out } = await cliIn({ cwd, env: { ...process.env, GITHUB_WORKSPACE: root } }, ...args);
  expect(out).toMatch(/^(?:::error file=packages\/a\/locks\.yaml,line=.*\n)+$/u);
});

test("--format github has no file for what came from standard input", async () => {
  const { cwd } = monorepo(BARMAN, NEXT);
  const input = BARMAN.replace("wait: true", "wait: 1");
  const { code, out } = await cliIn({ cwd, input }, "breaking", "--against=-", "--format=github");
  expect([code, out]).toEqual([
    2,
    '::error title=lock-catalogue::standard input:29:11: "wait" has to be true or false, not the number 1\n',
  ]);
});

const FAULTY = BARMAN.replace("wait: true", "wait: 1");
test.each([
  ["is not there", "nowhere.yaml", undefined, "there is no old spec in nowhere.yaml"],
  ["is an empty pipe", "-", "", "there is no old spec in standard input"],
  [
    "was faulty",
    "-",
    FAULTY,
    'the old spec in standard input has problems (line 29: "wait" has to be true or false, not the number 1)',
  ],
])("--allow-missing: an old spec that %s is a note", async (_, against, input, why) => {
  const { cwd } = monorepo(FAULTY, NEXT);
  const here = input === undefined ? { cwd } : { cwd, input };
  const args = ["breaking", `--against=${against}`, "--allow-missing", "--format"];
  const note = `nothing to compare with: ${why}`;
  expect(await cliIn(here, ...args, "text")).toEqual({ code: 0, out: `Note: ${note}.\n`, err: "" });
  expect(await cliIn(here, ...args, "github")).toEqual({
    code: 0,
    out: `::notice title=lock-catalogue::${note}\n`,
    err: "",
  });
  const { code, out } = await cliIn(here, ...args, "json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ note, problems: [], findings: [] });
});

test("--allow-missing allows no problem of the new spec, and hides no finding", async () => {
  const { cwd } = monorepo(BARMAN, NEXT);
  const args = ["breaking", "--against=old.yaml", "--allow-missing"];
  expect((await cliIn({ cwd }, ...args)).code).toBe(1);
  const bad = monorepo("", FAULTY);
  const { code, err } = await cliIn(bad, ...args);
  expect([code, err]).toEqual([2, expect.stringContaining("locks.yaml:29:11: ")]);
});
