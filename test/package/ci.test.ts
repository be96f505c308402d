import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readFiles, writeFiles } from "../support/directory.js";
import { blocks, shown } from "../support/documents.js";
import { type Result, Workshop } from "./workshop.js";

const PAGE = "docs/ci.md";

const spec = (template: string): string => `catalogue: printers
output: src/locks
language: javascript
tests: { runner: none }
locks:
  SpoolerLock:
    template: ${template}.lock
    description: Protects the spooler from running twice.
`;

/** The configurations of docs/ci.md in a project that has the packed tarball, each run as its own system runs it. */
describe("what docs/ci.md says for", () => {
  const workshop = new Workshop();
  const tools = workshop.empty("ci-tools");
  // Those after gitlab-ci-local 4.62 need Node.js 22.
  const packages = ["gitlab-ci-local@4.62.0", "@j178/prek@0.5"];
  tools.must("npm", ["install", "--no-audit", "--no-fund", ...packages]);
  const tool = (name: string) => join(tools.directory, "node_modules/.bin", name);

  const project = workshop.project("ci", { type: "module" }, { install: ["--ignore-scripts"] });
  const git = (...args: string[]) => {
    const identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
    return project.must("git", [...identity, ...args]);
  };
  const LOCKS = join(project.directory, "src/locks");
  /** A spec with what is generated from it. */
  const generated = (text: string) => {
    project.write("locks.yaml", text);
    project.must("node_modules/.bin/lock-catalogue", ["generate"]);
    return { text, files: readFiles(LOCKS) };
  };
  const changed = generated(spec("spooler-2"));
  const old = generated(spec("spooler"));
  const names = [".gitlab-ci.yml", ".pre-commit-config.yaml", ".github/workflows/locks.yml"];
  for (const name of names) project.write(name, shown(PAGE, name));
  project.write(".gitignore", "node_modules\n.gitlab-ci-local\n");
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "--message", "all: begin");
  project.must("git", ["clone", "--quiet", "--bare", ".", "../origin.git"]);
  git("remote", "add", "origin", "../origin.git");
  git("fetch", "--quiet", "origin");
  git("remote", "set-head", "origin", "main");
  git("switch", "--quiet", "--create", "change");

  const STATES = {
    fine: old,
    stale: { text: changed.text, files: old.files },
    breaking: changed,
  };
  const become = (state: keyof typeof STATES) => {
    const { text, files } = STATES[state];
    project.write("locks.yaml", text);
    writeFiles(LOCKS, files);
  };

  const env = {
    CI: "true",
    GITHUB_BASE_REF: "main",
    GITHUB_STEP_SUMMARY: join(project.directory, "node_modules/summary.md"),
  };
  /** Runs the commands of steps as a runner does, by `bash -e`; the actions of others have done their work. */
  const run = (steps: readonly { readonly run?: string }[]): (Result & { script: string })[] =>
    steps.flatMap(({ run: script }) =>
      script === undefined ? [] : [{ script, ...project.run("bash", ["-ec", script], env) }],
    );
  const workflow = parse(shown(PAGE, ".github/workflows/locks.yml"));

  it("GitHub passes what is fine", () => {
    become("fine");
    const ran = run(workflow.jobs.locks.steps);
    expect(ran.map(({ script, status }) => [script.split(" ")[0], status])).toEqual([
      ["npm", 0],
      ["npx", 0],
      ["git", 0],
    ]);
  });

  it.each([
    ["stale", "check", "::error file=src/locks/"],
    ["breaking", "breaking", "::error file=locks.yaml,line=7,"],
  ] as const)("GitHub finds what is %s, where it is", (state, command, annotation) => {
    become(state);
    const steps = workflow.jobs.locks.steps.filter((step: { run?: string }) =>
      step.run?.includes(`lock-catalogue ${command} `),
    );
    expect(run(steps)).toEqual([
      expect.objectContaining({ status: 1, output: expect.stringContaining(annotation) }),
    ]);
  });

  it("GitHub in other formats makes a summary and alerts", () => {
    become("stale");
    const lists = blocks(PAGE).filter(
      ({ language, text }) => language === "yaml" && /^- /u.test(text),
    );
    const ran = lists.flatMap(({ text }) => run(parse(text)));
    expect(ran.map(({ status }) => status)).toEqual([1, 1]);
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, "utf8")).toContain("stale-file");
    const { runs } = JSON.parse(readFileSync(join(project.directory, "check.sarif"), "utf8"));
    const rules = runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId);
    expect(new Set(rules)).toEqual(new Set(["stale-file"]));
  });

  it.each([
    ["passes what is fine", "fine", 0, / PASS +check-locks/u],
    ["finds what is breaking", "breaking", 1, /template-changed[\s\S]* FAIL +check-locks/u],
  ] as const)("GitLab %s", (_, state, status, said) => {
    become(state);
    // But for the image this is how a runner runs it: in bash, up to the first command that fails.
    const merge = ["--variable", "CI_PIPELINE_SOURCE=merge_request_event"];
    const ran = project.run(tool("gitlab-ci-local"), ["--force-shell-executor", ...merge]);
    const output = stripVTControlCharacters(ran.output);
    expect(output).toMatch(said);
    expect(ran.status).toBe(status);
  });

  it("pre-commit runs check if a file that it is about is committed", () => {
    const prek = (...args: string[]) => project.run(tool("prek"), args);
    expect(prek("validate-config")).toMatchObject({ status: 0 });
    become("fine");
    const passed = prek("run", "--all-files");
    expect(passed).toEqual({
      status: 0,
      output: expect.stringMatching(/^The generated locks .*Passed$/m),
    });
    become("stale");
    const failed = prek("run", "--files", "locks.yaml");
    expect(failed).toEqual({
      status: 1,
      output: expect.stringMatching(/Failed[\s\S]*SpoolerLock\.js/),
    });
    expect(prek("run", "--files", "package.json").output).toContain("Skipped");
  });
});
