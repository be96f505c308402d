import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "editorconfig";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { temporaryDirectory } from "./support/directory.js";
import { section } from "./support/documents.js";
import { ROOT } from "./support/root.js";

/** What a script of `.ci` says in a directory that has it, and what it exits with. */
function ci(cwd: string, script: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(join(cwd, ".ci", script), args, {
    encoding: "utf8",
  });
  return { status, said: stdout + stderr };
}

/** A directory with a script of `.ci`, and nothing else of the repository. */
function withScript(script: string): string {
  const cwd = temporaryDirectory();
  cpSync(join(ROOT, ".ci", script), join(cwd, ".ci", script), { recursive: true });
  return cwd;
}

describe("a release", () => {
  const version = (changelog: string): string => {
    const cwd = withScript("release-notes");
    writeFileSync(join(cwd, "package.json"), '{ "version": "1.2.3" }');
    writeFileSync(join(cwd, "CHANGELOG.md"), changelog);
    return cwd;
  };

  it("has the text of its section in the changelog", () => {
    const cwd = version(
      "# Changelog\n\n## Unreleased\n\n## 1.2.3\n\n- New.\n\n## 1.2.2\n\n- Old.\n",
    );
    expect(ci(cwd, "release-notes", "v1.2.3")).toEqual({ status: 0, said: "- New.\n" });
  });

  it.each([
    ["of another version than package.json's", "v1.2.4", "## 1.2.3\n\n- New.\n", "is not v1.2.3"],
    ["without a section", "v1.2.3", "## 1.2.30\n\n- New.\n", 'no section "## 1.2.3"'],
    ["with an empty section", "v1.2.3", "## 1.2.3\n\n## 1.2.2\n\n- Old.\n", "or an empty one"],
    [
      "that leaves entries behind",
      "v1.2.3",
      "## Unreleased\n\n- Newer.\n\n## 1.2.3\n\n- New.\n",
      'entries under "Unreleased"',
    ],
  ])("%s is refused", (_, tag, changelog, message) => {
    const { status, said } = ci(version(changelog), "release-notes", tag);
    expect(status).toBe(1);
    expect(said).toContain(message);
  });

  it("is of a version that the changelog knows", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(readFileSync(join(ROOT, "CHANGELOG.md"), "utf8")).toContain(`\n## ${version}\n`);
  });
});

describe("the subject of a commit", () => {
  const committed = (...subjects: readonly string[]): string => {
    const cwd = withScript("commit-subjects");
    const git = (...args: readonly string[]) => {
      const identity = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
      const { status, stderr } = spawnSync("git", [...identity, ...args], {
        cwd,
        encoding: "utf8",
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    };
    git("init", "--quiet");
    git("commit", "--quiet", "--allow-empty", "-m", `Older ${"than the rule ".repeat(10)}`);
    git("add", ".");
    git("commit", "--quiet", "-m", "ci: check subjects");
    for (const subject of subjects) git("commit", "--quiet", "--allow-empty", "-m", subject);
    return cwd;
  };

  it("is an area and an imperative, and older ones do not count", () => {
    const cwd = committed("wait: queue in the kernel", `test: ${"x".repeat(66)}`);
    expect(ci(cwd, "commit-subjects")).toEqual({ status: 0, said: "" });
  });

  it.each(["Queue in the kernel", "Wait: queue", `test: ${"x".repeat(67)}`, "wait:queue"])(
    "may not be %s",
    (subject) => {
      const { status, said } = ci(committed("test: go", subject, "test: go on"), "commit-subjects");
      expect(status).toBe(1);
      expect(said).toContain(`commit subject: ${subject}\nA subject is`);
    },
  );
});

describe("the repository", () => {
  const git = (...args: readonly string[]) =>
    spawnSync("git", args, { cwd: ROOT, encoding: "utf8" }).stdout;

  it("has one home, which every link to it names, and which one line of the RUNBOOK moves", () => {
    const cwd = temporaryDirectory();
    git("checkout-index", "--all", `--prefix=${cwd}/`);
    const sh = (command: string) => spawnSync("sh", ["-c", command], { cwd, encoding: "utf8" });
    const homes = () => {
      const links = sh("git grep -hIoE '\\.com/[A-Za-z-]+/lock-catalogue\\b' -- ':!test'").stdout;
      return new Set(links.trim().split("\n"));
    };
    sh("git init --quiet && git add .");
    expect(homes()).toEqual(new Set([".com/lock-catalogue/lock-catalogue"]));
    const [line] = section("RUNBOOK.md", "Once: give the repository its home");
    expect(sh((line?.text ?? "").replace("<organization>", "acme"))).toMatchObject({ status: 0 });
    expect(homes()).toEqual(new Set([".com/acme/lock-catalogue"]));
    expect(
      sh("git grep -l lock-catalogue/lock-catalogue -- ':!test/repository.test.ts'").stdout,
    ).toBe("");
    const { repository } = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
    expect(repository.url).toBe("git+https://github.com/acme/lock-catalogue.git");
  });

  it("has files as .editorconfig says, which each editor heeds", () => {
    const files = git("ls-files").trim().split("\n");
    const wrong = files.flatMap((file) => {
      const rules = parseSync(join(ROOT, file));
      const text = readFileSync(join(ROOT, file), "utf8");
      const broken = {
        "no newline at its end": rules.insert_final_newline === true && !/\n$|^$/u.test(text),
        "spaces at the end of a line":
          rules.trim_trailing_whitespace === true && /[ \t]$/mu.test(text),
        "a carriage return": rules.end_of_line === "lf" && text.includes("\r"),
        "a tab that indents": rules.indent_style === "space" && /^ *\t/mu.test(text),
        "a byte that is no UTF-8": rules.charset === "utf-8" && text.includes("\uFFFD"),
      };
      return Object.entries(broken).flatMap(([what, is]) => (is ? [`${file}: ${what}`] : []));
    });
    expect(files.length).toBeGreaterThan(100);
    expect(wrong).toEqual([]);
  });

  it("publishes with provenance, and only after the changelog was read and everything has passed", () => {
    const { on, jobs } = parse(readFileSync(join(ROOT, ".github/workflows/release.yml"), "utf8"));
    expect(on).toEqual({ push: { tags: ["v*"] } });
    expect(jobs.notes.steps.at(-1).run).toMatch(/^\.ci\/release-notes "\$GITHUB_REF_NAME"/u);
    expect(jobs.everything).toEqual({ needs: "notes", uses: "./.github/workflows/ci.yml" });
    expect(jobs.publish).toMatchObject({
      needs: "everything",
      permissions: { "id-token": "write" },
    });
    const ran = jobs.publish.steps.map(({ run }: { run?: string }) => run ?? "").join("\n");
    expect(ran).toMatch(/^npm publish --provenance /mu);
    const ci = parse(readFileSync(join(ROOT, ".github/workflows/ci.yml"), "utf8"));
    expect(ci.jobs.everything.steps.at(-1)).toEqual({ run: ".ci/run --this-node" });
    expect(ci.on).toHaveProperty("workflow_call");
  });

  it("is checked on the versions of Node.js that the matrix of the tests knows", () => {
    const [, workflow] =
      /node: \[(.+)\]/u.exec(readFileSync(join(ROOT, ".github/workflows/ci.yml"), "utf8")) ?? [];
    const [, matrix] =
      /^versions=\((.+)\)$/mu.exec(readFileSync(join(ROOT, "test/matrix/run"), "utf8")) ?? [];
    expect(workflow?.replaceAll(",", "")).toBe(matrix);
    const { engines } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(engines.node).toMatch(new RegExp(`^>=${matrix?.split(" ")[0]}\\b`, "u"));
    expect(readFileSync(join(ROOT, ".nvmrc"), "utf8").trim()).toBe(matrix?.split(" ")[0]);
  });
});
