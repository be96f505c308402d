import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv-draft-04";
import formats from "ajv-formats";
import MarkdownIt from "markdown-it";
import type { Log, Region } from "sarif";
import { describe, expect, test } from "vitest";
import { breaking, check, type Format, generate } from "../../codegen/index.js";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory } from "../support/directory.js";

/** The OASIS committee's schema of SARIF 2.1.0 with errata 01, as it is in the repository of the specification. */
const SCHEMA = JSON.parse(
  readFileSync(new URL("./sarif-schema-2.1.0.json", import.meta.url), "utf8"),
);

const OLD = `catalogue: sample
output: out
parameters:
  user: { pattern: "[a-z]+", examples: [ann] }
locks:
  AlphaLock:
    template: alpha-{user}.lock
    description: Protects alpha.
  BetaLock:
    template: beta.lock
    description: Protects beta.
`;

/** A package of a repository, with a spec and what was generated from it. */
function project(spec: string = OLD): { root: string; cwd: string; write: (text: string) => void } {
  const root = temporaryDirectory();
  const cwd = path.join(root, "a package#1");
  mkdirSync(path.join(root, ".git"));
  mkdirSync(cwd);
  const write = (text: string) => writeFileSync(path.join(cwd, "locks.yaml"), text);
  write(spec);
  generate({ cwd });
  return { root, cwd, write };
}

/** A project with a file of each wrong state. */
function outdated(): ReturnType<typeof project> {
  const made = project();
  rmSync(path.join(made.cwd, "out/BetaLock.ts"));
  made.write(
    OLD.replace("Protects alpha", "Protects 字 ``` |</details>").replace("BetaLock", "Beta2Lock"),
  );
  writeFileSync(
    path.join(made.cwd, "out/BetaLock.ts"),
    readFileSync(path.join(made.cwd, "out/AlphaLock.ts"), "utf8"),
  );
  return made;
}

const SOURCE = { file: "-", text: OLD };
const CASES: Readonly<Record<string, () => (format: Format) => string>> = {
  "check of files that differ": () => check({ cwd: outdated().cwd }).print,
  "check of fresh files": () => check({ cwd: project().cwd }).print,
  "check of a spec with problems": () => {
    const { cwd, write } = project();
    // Two places have a part in it, and an emoji is one column.
    write(`${OLD}# 😀\n  GammaLock: { template: "{user}.lock", description: "😀", wiat: 1 }\n`);
    return check({ cwd }).print;
  },
  "check of kinds that overlap": () => {
    const { cwd, write } = project();
    write(`${OLD}  GammaLock: { template: "{user}-ann.lock", description: Overlaps. }\n`);
    return check({ cwd }).print;
  },
  "generate of kinds that are one file where case is ignored": () => {
    const { cwd, write } = project();
    write(`${OLD}  GammaLock: { template: BETA.lock, description: Nearly the same. }\n`);
    return generate({ cwd }).print;
  },
  "breaking of changes": () => {
    const { cwd, write } = project();
    write(OLD.replace("beta.lock", "gamma.lock").replace("AlphaLock", "DeltaLock"));
    return breaking({ cwd, against: SOURCE }).print;
  },
  "breaking of a kind that is gone": () => {
    const { cwd, write } = project();
    write(OLD.slice(0, OLD.indexOf("  BetaLock")));
    writeFileSync(path.join(cwd, "old.yaml"), OLD);
    return breaking({ cwd, against: "old.yaml" }).print;
  },
  "breaking of a change that is accepted, and of one that is none": () => {
    const { cwd, write } = project();
    const accepted = ["lock: BetaLock", "lock: AlphaLock"].map(
      (about) =>
        `  - { rule: template-changed, ${about}, reason: All stop first., date: 2026-11-26 }\n`,
    );
    write(`${OLD.replace("beta.lock", "gamma.lock")}accept:\n${accepted.join("")}`);
    return breaking({ cwd, against: SOURCE }).print;
  },
  "breaking of nothing": () => breaking({ cwd: project().cwd, against: SOURCE }).print,
  "breaking against a faulty pipe": () =>
    breaking({ cwd: project().cwd, against: { file: "-", text: "a: 1\n" } }).print,
  "breaking without an old spec": () =>
    breaking({ cwd: project().cwd, against: "none.yaml", allowMissing: true }).print,
};

function printOf(name: string): (format: Format) => string {
  const make = CASES[name];
  if (make === undefined) throw new Error(`no case ${name}`);
  return make();
}

/** What the schema has against a document; null if nothing. */
function faultsOf(document: unknown): unknown {
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  formats.default(ajv);
  const isValid = ajv.compile(SCHEMA);
  return isValid(document) ? null : isValid.errors;
}

const logOf = (print: (format: Format) => string): Log => JSON.parse(print("sarif"));

describe("--format sarif", () => {
  test.each(Object.entries(CASES))("of %s is valid by the official schema", (_, make) => {
    const log = logOf(make());
    expect(faultsOf(log)).toBeNull();
    const [run] = log.runs;
    const rules = run?.tool.driver.rules ?? [];
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { ruleId, ruleIndex, level, message, suppressions } of run?.results ?? []) {
      const rule = rules[ruleIndex ?? -1];
      expect(rule?.id).toBe(ruleId);
      expect(level).toBe(suppressions === undefined ? rule?.defaultConfiguration?.level : "note");
      expect(message.text).not.toBe("");
    }
  });

  test("is refused by that schema if something is wrong with it", () => {
    const log = logOf(printOf("breaking of changes"));
    const [run] = log.runs;
    expect(faultsOf({ ...log, runs: [{ ...run, columnKind: "bytes" }] })).not.toBeNull();
    expect(faultsOf({ ...log, runs: [{ ...run, results: [{ message: {} }] }] })).not.toBeNull();
  });

  test("names files from the root of the repository, and the very text that it means", () => {
    const { root, cwd, write } = project();
    write(`${OLD}# 😀\n  GammaLock: { description: "😀", template: "{user}-ann.lock" }\n`);
    const { runs } = logOf(check({ cwd }).print);
    const [result, ...more] = runs[0]?.results ?? [];
    expect(more).toEqual([]);
    expect(result).toMatchObject({ ruleId: "invalid-spec", level: "error" });
    const places = [...(result?.locations ?? []), ...(result?.relatedLocations ?? [])];
    const texts = places.map(({ physicalLocation }) => {
      const { uri = "", uriBaseId } = physicalLocation?.artifactLocation ?? {};
      expect({ uri, uriBaseId }).toEqual({
        uri: "a%20package%231/locks.yaml",
        uriBaseId: "%SRCROOT%",
      });
      const file = path.join(root, decodeURIComponent(uri));
      return cut(readFileSync(file, "utf8"), physicalLocation?.region ?? {});
    });
    expect(texts).toEqual(['"{user}-ann.lock"', "alpha-{user}.lock"]);
  });

  test("names the other file of a clash with a catalogue beside it", () => {
    const { cwd, write } = project();
    writeFileSync(
      path.join(cwd, "other.yaml"),
      OLD.replace("catalogue: sample", "catalogue: other"),
    );
    write(`beside: [./other.yaml]\n${OLD}`);
    const [result] = logOf(check({ cwd }).print).runs[0]?.results ?? [];
    const places = [...(result?.locations ?? []), ...(result?.relatedLocations ?? [])].map(
      ({ physicalLocation }) => [
        physicalLocation?.artifactLocation?.uri,
        physicalLocation?.region?.startLine,
      ],
    );
    expect(places).toEqual([
      ["a%20package%231/locks.yaml", 8],
      ["a%20package%231/other.yaml", 7],
    ]);
  });

  test("tells what was found, where it was, and whether all was looked at", () => {
    const gone = logOf(printOf("breaking of a kind that is gone")).runs[0];
    expect(gone).toMatchObject({
      automationDetails: { id: "lock-catalogue/breaking/" },
      invocations: [{ executionSuccessful: true }],
      results: [
        {
          ruleId: "kind-removed",
          properties: { breaks: "exclusion", kinds: ["BetaLock"], witness: { name: "beta.lock" } },
          relatedLocations: [
            {
              message: { text: "it was here" },
              physicalLocation: {
                artifactLocation: { uri: "a%20package%231/old.yaml" },
                region: { startLine: 9, startColumn: 3, endLine: 9, endColumn: 11 },
              },
            },
          ],
        },
      ],
    });
    const accepted = logOf(
      printOf("breaking of a change that is accepted, and of one that is none"),
    ).runs[0];
    expect(accepted?.results).toMatchObject([
      {
        ruleId: "template-changed",
        level: "note",
        suppressions: [{ kind: "inSource", justification: "All stop first. (2026-11-26)" }],
      },
      { ruleId: "unmatched-acceptance", level: "warning" },
    ]);
    const faulty = logOf(printOf("breaking against a faulty pipe")).runs[0];
    expect(faulty?.invocations).toEqual([{ executionSuccessful: false }]);
    const texts = faulty?.results?.map(({ message, locations }) => [message.text, locations]);
    expect(texts?.[0]).toEqual([expect.stringMatching(/^standard input:1:1: /u), undefined]);
    const folded = logOf(printOf("generate of kinds that are one file where case is ignored"))
      .runs[0];
    expect(folded?.results).toMatchObject([{ ruleId: "same-file-if-folded", level: "warning" }]);
    const none = logOf(printOf("breaking without an old spec")).runs[0];
    expect(none?.results).toMatchObject([{ ruleId: "nothing-to-compare", level: "note" }]);
  });

  test("has a file outside of every repository by its whole address", () => {
    const { cwd, root } = project("locks: {}\n");
    rmSync(path.join(root, ".git"), { recursive: true });
    const { runs } = logOf(check({ cwd: root, spec: path.join(cwd, "locks.yaml") }).print);
    const inside = runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation;
    expect(inside?.uri).toBe("a%20package%231/locks.yaml");
    const elsewhere = temporaryDirectory();
    const outside = logOf(check({ cwd: elsewhere, spec: path.join(cwd, "locks.yaml") }).print);
    expect(outside.runs[0]?.results?.[0]?.locations?.[0]?.physicalLocation).toMatchObject({
      artifactLocation: {
        uri: expect.stringMatching(/^file:\/\/\/.*\/a%20package%231\/locks\.yaml$/u),
      },
    });
  });
});

/** The text of a region, whose columns count code points. */
function cut(text: string, region: Region): string {
  const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region;
  expect(endLine).toBe(startLine);
  const line = Array.from(text.split("\n")[startLine - 1] ?? "");
  return line.slice(startColumn - 1, endColumn - 1).join("");
}

const STATES = [
  ["missing", "out/Beta2Lock.ts"],
  ["stale", "out/AlphaLock.ts"],
  ["orphaned", "out/BetaLock.ts"],
] as const;

describe("--format github", () => {
  test("of check names each file that differs", () => {
    const commands = check({ cwd: outdated().cwd }).print("github").split("\n");
    for (const [state, file] of STATES) {
      expect(commands).toContainEqual(
        expect.stringMatching(
          new RegExp(
            `^::error file=a package#1/${file},line=1,col=1,title=lock-catalogue::${file} is .*: run npx lock-catalogue generate$`,
            "u",
          ),
        ),
      );
      expect(state).not.toBe("");
    }
    expect(check({ cwd: project().cwd }).print("github")).toBe("");
  });

  test("of a warning is a warning", () => {
    const print = printOf("generate of kinds that are one file where case is ignored");
    expect(print("github")).toMatch(
      /^::warning file=a package#1\/locks\.yaml,line=12,col=26,title=lock-catalogue::where a file system .*\n$/u,
    );
  });
});

describe("--format json", () => {
  test("of check has the files, and of a faulty spec its problems", () => {
    const { files, ...rest } = JSON.parse(check({ cwd: outdated().cwd }).print("json"));
    expect(rest).toEqual({ spec: "locks.yaml", problems: [], warnings: [] });
    for (const [state, file] of STATES) {
      const diff = expect.stringContaining(file);
      expect(files).toContainEqual({ path: file, state, diff });
    }
    const problems = JSON.parse(printOf("check of a spec with problems")("json"));
    expect(problems).toMatchObject({
      problems: [{ file: "locks.yaml", line: 13, column: expect.any(Number) }],
      files: [],
    });
  });
});

describe("--format markdown", () => {
  const tokensOf = (text: string) => new MarkdownIt({ html: true }).parse(text, {});

  test.each(Object.entries(CASES))("of %s is a heading, and what was found", (_, make) => {
    const text = make()("markdown");
    const results = logOf(make()).runs[0]?.results ?? [];
    const tokens = tokensOf(text);
    expect(tokens.map(({ type }) => type).slice(0, 3)).toEqual([
      "heading_open",
      "inline",
      "heading_close",
    ]);
    expect(tokens[1]?.content).toMatch(/^lock-catalogue (?:check|generate|breaking): ./u);
    const rows = tokens.filter(({ type }) => type === "tr_open").length;
    expect(rows).toBe(results.length === 0 ? 0 : results.length + 1);
  });

  test("lets nothing in a spec out of its table and its fences", () => {
    const text = check({ cwd: outdated().cwd }).print("markdown");
    const tokens = tokensOf(text);
    const html = tokens.filter(({ type }) => type === "html_block").map(({ content }) => content);
    const opened = html.filter((line) => line.startsWith("<details>"));
    expect(opened.length).toBeGreaterThan(2);
    expect(html).toHaveLength(opened.length * 2);
    const fences = tokens.filter(({ type }) => type === "fence");
    expect(fences).toHaveLength(opened.length);
    expect(fences.map(({ content }) => content).join("")).toContain(
      "+ * Protects 字 ``` |</details>",
    );
  });

  test("stays shorter than a comment may be, and says what it leaves out", () => {
    const { cwd, write } = project();
    const kinds = Array.from(
      { length: 300 },
      (_, n) => `  K${n}Lock:\n    template: k${n}.lock\n    description: Protects k${n}.\n`,
    );
    write(OLD + kinds.join(""));
    const text = check({ cwd }).print("markdown");
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/\n\nAnd 20\d more\.\n\n/u);
    expect(text).toMatch(/\n\nThe details of \d+ more are left out\.\n$/u);
  });
});

describe("the commands", () => {
  test("print each format on standard output, and exit as they do otherwise", async () => {
    const { cwd } = outdated();
    for (const format of ["json", "github", "sarif", "markdown"] as const) {
      const { code, out, err } = await cliIn({ cwd }, "check", "--format", format);
      expect({ code, err }).toEqual({ code: 1, err: "" });
      expect(out).toBe(check({ cwd }).print(format));
    }
    const sarif = await cliIn({ cwd }, "breaking", "--against", "locks.yaml", "--format", "sarif");
    expect(sarif).toMatchObject({ code: 0, err: "" });
    expect(faultsOf(JSON.parse(sarif.out))).toBeNull();
    const made = await cliIn({ cwd }, "generate", "--format", "json");
    expect(made).toMatchObject({ code: 0, err: "" });
    const states = JSON.parse(made.out).files.map(({ state }: { state: string }) => state);
    expect(new Set(states)).toEqual(new Set(["missing", "stale", "orphaned"]));
    expect((await cliIn({ cwd }, "check", "--format", "json")).code).toBe(0);
    writeFileSync(path.join(cwd, "locks.yaml"), "locks: {}\n");
    const faulty = await cliIn({ cwd }, "generate", "--format", "markdown");
    expect(faulty).toMatchObject({ code: 1, err: "" });
    expect(faulty.out).toContain("locks.yaml has 3 problems");
  });

  test("print no document again and again", async () => {
    const args = ["generate", "--watch", "--format", "json"];
    expect(await cliIn({ cwd: project().cwd }, ...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^lock-catalogue: --watch cannot be used with --format json\n/u),
    });
  });
});
