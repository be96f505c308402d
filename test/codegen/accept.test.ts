import { expect, test } from "vitest";
import { stringify } from "yaml";
import { breaking } from "../../codegen/index.js";
import { cliIn } from "../support/cli.js";
import { temporaryDirectory, writeFiles } from "../support/directory.js";
import { BREAKING_CASES, OLD } from "./breaking-cases.js";

type Changes = readonly (readonly [what: string, by: string])[];

function changed(changes: Changes): string {
  return changes.reduce((text, [what, by]) => text.replace(what, () => by), OLD);
}

interface Said {
  readonly rule: string;
  readonly lock?: readonly string[];
  readonly parameter?: string;
}

/** A spec that accepts some findings, below all else, so that no line moves. */
function accepting(text: string, said: readonly Said[]): string {
  const accept = said.map((one) => ({ ...one, reason: "All stop first.", date: "2026-11-26" }));
  return said.length === 0 ? text : text + stringify({ accept });
}

function specs(old: string, now: string): string {
  const cwd = temporaryDirectory();
  writeFiles(cwd, [
    ["old.yaml", old],
    ["locks.yaml", now],
  ]);
  return cwd;
}

const CASES = BREAKING_CASES.filter(({ findings }) => findings.length > 0);

test.each(CASES)("$name: what is accepted by rule, lock and parameter breaks nothing", (one) => {
  const [old, now] = [changed(one.before ?? []), changed(one.change)];
  const { findings } = breaking({ cwd: specs(old, now), against: "old.yaml" });
  const said = findings.map(({ rule, kinds, parameter }) => ({
    rule,
    ...(kinds.length === 0 ? {} : { lock: kinds }),
    ...(parameter === null ? {} : { parameter }),
  }));
  // Two findings of one rule about the same are accepted together.
  const keys = new Map(said.map((entry) => [JSON.stringify(entry), entry]));
  const { data, problems } = breaking({
    cwd: specs(old, accepting(now, [...keys.values()])),
    against: "old.yaml",
  });
  expect(problems).toEqual([]);
  expect(data.findings).toEqual([]);
  expect(data.unmatched).toEqual([]);
  const why = { reason: "All stop first.", date: "2026-11-26" };
  expect(data.accepted).toEqual(findings.map((finding) => ({ ...finding, ...why })));
});

const WIDER: Changes = [
  [".global.lock", ".globe.lock"],
  ['"[^-]+"', '"[^-]{1,9}"'],
];

test.each<[name: string, said: Said]>([
  ["another rule", { rule: "kind-removed", lock: ["GlobalLock"] }],
  ["another lock", { rule: "template-changed", lock: ["BackupLock"] }],
  [
    "a lock that the finding is not about, beside one that it is",
    {
      rule: "template-changed",
      lock: ["GlobalLock", "BackupLock"],
    },
  ],
  ["a parameter, of which the finding has none", { rule: "template-changed", parameter: "id" }],
  [
    "another parameter of the lock",
    {
      rule: "pattern-narrowed",
      lock: ["IdLock"],
      parameter: "server",
    },
  ],
])("%s accepts nothing, and is reported as such", (_, said) => {
  const cwd = specs(OLD, accepting(changed(WIDER), [said]));
  const { data, text } = breaking({ cwd, against: "old.yaml" });
  expect(data.findings.map(({ rule }) => rule)).toEqual(["pattern-narrowed", "template-changed"]);
  expect(data.accepted).toEqual([]);
  expect(data.unmatched.map(({ line, column }) => [line, column])).toEqual([[23, 11]]);
  expect(text).toContain(`locks.yaml:23:11: warning: there is no ${said.rule} of `);
});

test("accepted findings are told with their reason, and the command exits 0 if nothing else breaks", async () => {
  const [kept, gone] = [
    { rule: "template-changed", lock: ["GlobalLock"] },
    { rule: "pattern-narrowed", parameter: "id" },
  ];
  const all = specs(OLD, accepting(changed(WIDER), [kept, gone]));
  const args = ["breaking", "--against=old.yaml", "--format"];
  const { code, out, err } = await cliIn({ cwd: all }, ...args, "text");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain(
    'locks.yaml:13:15: template-changed: accepted: GlobalLock locks other files: ".globe.lock" instead of ".global.lock"\n  accepted on 2026-11-26: All stop first.\n  for example ".global.lock"\n',
  );
  expect(out).toMatch(/\nNothing breaking against old\.yaml, and 2 accepted\.\n$/u);

  const github = await cliIn({ cwd: all }, ...args, "github");
  expect(github.code).toBe(0);
  expect(github.out).toMatch(
    /^::notice file=locks\.yaml,line=9,col=14,title=pattern-narrowed \(accepted on 2026-11-26\)::.*\n::notice .*\n$/u,
  );
  const json = await cliIn({ cwd: all }, ...args, "json");
  expect(json.code).toBe(0);
  expect(JSON.parse(json.out)).toMatchObject({ findings: [], accepted: [{}, {}], unmatched: [] });

  const one = specs(OLD, accepting(changed(WIDER), [kept]));
  const half = await cliIn({ cwd: one }, ...args, "text");
  expect(half.code).toBe(1);
  expect(half.out).toMatch(/\n1 breaking change against old\.yaml, and 1 accepted\.\n$/u);
});

test("an acceptance of what has long been rolled out is a warning, and exits 0", async () => {
  const said = [{ rule: "template-changed", lock: ["GlobalLock"] }];
  const cwd = specs(changed(WIDER), accepting(changed(WIDER), said));
  const args = ["breaking", "--against=old.yaml", "--format"];
  expect(await cliIn({ cwd }, ...args, "text")).toEqual({
    code: 0,
    out: `\
locks.yaml:23:11: warning: there is no template-changed of GlobalLock to accept any more: remove this
    - rule: template-changed
            ^^^^^^^^^^^^^^^^

Nothing breaking against old.yaml.
`,
    err: "",
  });
  const { code, out } = await cliIn({ cwd }, ...args, "github");
  expect([code, out]).toEqual([
    0,
    "::warning file=locks.yaml,line=23,col=11,title=lock-catalogue::there is no template-changed of GlobalLock to accept any more: remove this\n",
  ]);
});
