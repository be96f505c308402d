import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { check, explain, generate, load } from "../../codegen/index.js";
import { cliIn } from "../support/cli.js";
import { readFiles, temporaryDirectory, writeFiles } from "../support/directory.js";
import { ROOT } from "../support/root.js";

/** A spec of kinds, each a template, with parameters that are a word. */
function spec(
  catalogue: string,
  kinds: Readonly<Record<string, string>>,
  beside: readonly string[] = [],
): string {
  const parameters = ["user", "job"].filter((name) =>
    Object.values(kinds).some((template) => template.includes(`{${name}}`)),
  );
  return [
    `catalogue: ${catalogue}`,
    "output: generated",
    ...(beside.length === 0 ? [] : ["beside:", ...beside.map((one) => `  - ${one}`)]),
    ...(parameters.length === 0 ? [] : ["parameters:"]),
    ...parameters.map((name) => `  ${name}: { pattern: "[a-z]+", examples: [${name}] }`),
    "locks:",
    ...Object.entries(kinds).flatMap(([name, template]) => [
      `  ${name}:`,
      `    template: "${template}"`,
      "    description: Protects something.",
    ]),
    "",
  ].join("\n");
}

/** A directory of files, whose folders are made. @returns the folder of the spec that is asked about. */
function workspace(files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    const folder = path.dirname(path.join(root, name));
    mkdirSync(folder, { recursive: true });
    writeFiles(folder, [[path.basename(name), text]]);
  }
  return path.join(root, "own");
}

const CLASH = {
  "own/locks.yaml": spec("own", { JobLock: "job-{job}.lock" }, ["../other/locks.yaml"]),
  "other/locks.yaml": spec("other", { UserLock: "{user}.user", AnyLock: "job-{user}.lock" }),
};

test("a clash with a catalogue beside this one names both files, places and readings", () => {
  const { report, files } = generate({ cwd: workspace(CLASH) });
  expect(files).toEqual([]);
  expect(report).toBe(`\
locks.yaml:9:15: JobLock and other.AnyLock both claim the name "job-job.lock", and every other name of theirs
  JobLock reads it with job = "job"
  other.AnyLock reads it with other.user = "job"
Change a template or narrow a pattern, or let the two be in different directories.
      template: "job-{job}.lock"
                ^^^^^^^^^^^^^^^^
  ../other/locks.yaml:10:15: other.AnyLock is declared here
        template: "job-{user}.lock"
                  ^^^^^^^^^^^^^^^^^
`);
});

test("--json of explain has the file of each place", async () => {
  const { code, out } = await cliIn({ cwd: workspace(CLASH) }, "explain", "--json");
  expect(code).toBe(1);
  const [problem] = JSON.parse(out).problems;
  expect(problem).toMatchObject({ file: "locks.yaml", line: 9, column: 15 });
  expect(problem.related).toEqual([
    {
      file: "../other/locks.yaml",
      line: 10,
      column: 15,
      message: "other.AnyLock is declared here",
    },
  ]);
});

test("two catalogues that clash with each other are told where the spec names them", () => {
  const cwd = workspace({
    "own/locks.yaml": spec("own", { OwnLock: "own.lock" }, ["../a/locks.yaml", "../b/locks.yaml"]),
    "a/locks.yaml": spec("same", { JobLock: "{job}.x" }),
    "b/locks.yaml": spec("same", { JobLock: "{user}.x" }),
  });
  const { report } = check({ cwd });
  expect(report).toMatch(
    /^locks\.yaml:5:5: same \(\.\.\/b\/locks\.yaml\)\.JobLock and same\.JobLock both claim the name/u,
  );
  expect(report).toContain(
    "  ../b/locks.yaml:7:15: same (../b/locks.yaml).JobLock is declared here\n",
  );
  expect(report).toContain("  ../a/locks.yaml:7:15: same.JobLock is declared here\n");
});

test("a kind inside one of another catalogue is fine, explained, and changes nothing that is written", async () => {
  const own = (beside: readonly string[]) => spec("own", { JobLock: "job-{job}.lock" }, beside);
  const wide = spec("other", { AnyLock: "{user}-{job}.lock" });
  const [alone, both] = [
    workspace({ "own/locks.yaml": own([]) }),
    workspace({ "own/locks.yaml": own(["../other/locks.yaml"]), "other/locks.yaml": wide }),
  ];
  for (const cwd of [alone, both]) expect(generate({ cwd }).problems).toEqual([]);
  const written = (cwd: string) => readFiles(path.join(cwd, "generated"));
  expect(written(both)).toEqual(written(alone));
  const { data } = explain({ cwd: both });
  expect(data).toMatchObject({
    kinds: [{ kind: "JobLock" }],
    overlaps: [],
    overlapsBeside: [
      { owner: "JobLock", other: "other.AnyLock", reason: "contained", witness: "job-job.lock" },
    ],
  });
  const { out } = await cliIn({ cwd: both }, "explain");
  expect(out).toContain(
    "Names shared with catalogues beside this one, such as:\n  job-job.lock of JobLock, and of other.AnyLock, which is wider\n",
  );
});

test("catalogues beside each other, in a circle, are proved as any others", () => {
  const cwd = workspace({
    "own/locks.yaml": spec("own", { JobLock: "{job}.job" }, ["../other/locks.yaml"]),
    "other/locks.yaml": spec("other", { UserLock: "{user}.user" }, ["../own/locks.yaml"]),
  });
  for (const folder of [cwd, path.join(cwd, "../other")]) {
    expect(generate({ cwd: folder }).problems).toEqual([]);
    expect(check({ cwd: folder }).files.every(({ state }) => state === "fresh")).toBe(true);
  }
});

test.each([
  ["without exports", { name: "printers" }, "printers", "locks.yaml"],
  ["by the name of a file", { name: "printers" }, "printers/specs/all.yml", "specs/all.yml"],
  [
    "by what it exports under an entry point",
    { name: "@acme/printers", exports: { "./spool/locks.yaml": "./deep/spec.yaml" } },
    "'@acme/printers/spool'",
    "deep/spec.yaml",
  ],
])("a package is found as Node.js finds it: %s", (_, manifest, specifier, file) => {
  const folder = `node_modules/${manifest.name}`;
  const cwd = workspace({
    "own/locks.yaml": spec("own", { JobLock: "{job}.lock" }, [specifier]),
    [`own/${folder}/package.json`]: JSON.stringify(manifest),
    [`own/${folder}/${file}`]: spec("printers", { SpoolLock: "{user}.lock" }),
  });
  const { report } = check({ cwd });
  expect(report).toContain("JobLock and printers.SpoolLock both claim");
  expect(report).toContain(`${folder}/${file}:7:15: printers.SpoolLock is declared here`);
});

test("Barman's catalogue is beside whoever names lock-catalogue/barman", () => {
  const cwd = path.join(ROOT, "test/codegen/golden/beside-barman");
  const { data } = explain({ cwd });
  expect(data).toMatchObject({
    overlapsBeside: [
      {
        owner: "HookLock",
        other: "barman.ServerBackupIdLock",
        witness: ".main-hook.lock",
      },
    ],
  });
});

test.each([
  [
    "is not there",
    "../nowhere/locks.yaml",
    'cannot prove anything beside "../nowhere/locks.yaml": cannot read the spec ../nowhere/locks.yaml: there is no such file',
  ],
  [
    "is no package here",
    "other/locks.yaml",
    'cannot prove anything beside "other/locks.yaml": no package here has a "other/locks.yaml"; a path begins with "./" or "../"',
  ],
  [
    "is the spec itself",
    "../own/locks.yaml",
    'cannot prove anything beside "../own/locks.yaml": it is this spec itself',
  ],
  [
    "has problems",
    "../faulty/locks.yaml",
    'cannot prove anything beside "../faulty/locks.yaml", which has 2 problems: fix that first',
  ],
])("what %s is a problem where it is named", (_, specifier, message) => {
  const cwd = workspace({
    "own/locks.yaml": spec("own", { JobLock: "job.lock" }, [specifier]),
    "other/locks.yaml": spec("other", { UserLock: "user.lock" }),
    "faulty/locks.yaml": spec("faulty", { "1Lock": "one.lock", "2Lock": "two.lock" }),
  });
  const { problems, report } = generate({ cwd });
  expect(problems.map((problem) => problem.message)).toEqual([message]);
  expect(report).toMatch(/^locks\.yaml:4:5: /u);
  expect(report.includes("  ../faulty/locks.yaml:4:3: the lock name")).toBe(
    specifier.includes("faulty"),
  );
});

test("the same catalogue twice is a problem, whatever it is called by", () => {
  const cwd = workspace({
    "own/locks.yaml": spec("own", { JobLock: "job.lock" }, [
      "../other/locks.yaml",
      "../own/../other/locks.yaml",
    ]),
    "other/locks.yaml": spec("other", { UserLock: "user.lock" }),
  });
  expect(check({ cwd }).report).toMatch(
    /^locks\.yaml:5:5: "\.\.\/own\/\.\.\/other\/locks\.yaml" is named twice: remove one\n/u,
  );
});

test("load reads nothing by itself: what is beside a spec is for who can read it", () => {
  const text = CLASH["own/locks.yaml"];
  expect(load({ file: "locks.yaml", text }).problems).toEqual([]);
  const other = { file: "elsewhere", text: CLASH["other/locks.yaml"] };
  const { problems } = load({ file: "locks.yaml", text }, () => other);
  expect(problems).toHaveLength(1);
});
