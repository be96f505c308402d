// How long the generator takes, and how much memory, for 10, 100 and 1,000 kinds, all proofs included; and `check` on
// Barman's ten kinds from a cold start. Each run is a process of its own and writes everything anew.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import { row } from "../row.mjs";
import { programPath } from "../scope.mjs";

export const title = "Generator, proofs included";
export const reading = "less is better; 10 is linear growth";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const BARMAN = parse(readFileSync(join(ROOT, "locks.yaml"), "utf8"));

export async function answer(scope) {
  const run = (...args) => scope.run(process.execPath, args, { cwd: ROOT });
  const generate = (kinds) => {
    const folder = scope.folder(`${kinds}-kinds`);
    writeFileSync(join(folder, "locks.yaml"), catalogue(kinds));
    return async () => {
      rmSync(join(folder, BARMAN.output), { recursive: true, force: true });
      const { stdout, ms } = await run(programPath("generate.mjs"), folder);
      const { files, ...figures } = JSON.parse(stdout);
      if (files !== kinds + 3) throw new Error(`${files} files for ${kinds} kinds`);
      return { ...figures, ms };
    };
  };
  const ways = {
    10: generate(10),
    100: generate(scope.few(100, 20)),
    1000: generate(scope.few(1_000, 40)),
    check: () => run("dist/src/cli/main.js", "check"),
    nothing: () => run("-e", "0"),
  };
  const turns = await scope.inTurns(3, ways, (way) => way());

  const compare = (what, to, key, unit, [ours, theirs], bounds) =>
    row(
      { what, to, unit, ...bounds },
      turns[ours].map((turn) => turn[key]),
      turns[theirs].map((turn) => turn[key]),
    );
  const node = "Node.js that does nothing";
  return [
    compare("generate, 100 kinds", "10 kinds", "work", "ms", [100, 10]),
    compare("generate, 1,000 kinds", "100 kinds", "work", "ms", [1000, 100], { ratioAtMost: 15 }),
    compare("generate, 100 kinds, peak of memory", "10 kinds", "peak", "MB", [100, 10]),
    compare("generate, 1,000 kinds, peak of memory", "100 kinds", "peak", "MB", [1000, 100]),
    compare("generate, 10 kinds, whole process", node, "ms", "ms", [10, "nothing"]),
    compare("generate, 1,000 kinds, whole process", node, "ms", "ms", [1000, "nothing"], {
      figureAtMost: 5_000,
    }),
    compare("check, 10 kinds, whole process", node, "ms", "ms", ["check", "nothing"], {
      ratioAtMost: 10,
      figureAtMost: 1_200,
    }),
  ];
}

/**
 * Barman's ten kinds, once for each of so many applications: all begin alike and nine in ten overlap. One in two
 * applications has jobs from a list and numbered slots, takes its values by name, shares its locks, and lets a group take
 * them. All say in which order their locks are taken, and in which directory they are.
 */
function catalogue(kinds) {
  const locks = {};
  for (let application = 0; Object.keys(locks).length < kinds; application++) {
    const named = application % 2 === 1;
    const end = `${named ? ".{job}.{slot}" : ""}.app${application}.lock`;
    for (const [name, lock] of Object.entries(BARMAN.locks)) {
      const template = lock.template.replace(/\.lock$/u, end);
      const before = lock.before?.map((other) => `App${application}${other}`);
      const rights = named ? { mode: "0660", group: "adm" } : {};
      const more = { template, named, shared: named, before, ...rights };
      locks[`App${application}${name}`] = { ...lock, ...more };
    }
  }
  const typed = {
    job: { values: ["backup", "archive", "restore"] },
    slot: { type: "integer", min: 0, max: 1_023 },
  };
  const isTyped = kinds > 10;
  return stringify({
    ...BARMAN,
    parameters: { ...BARMAN.parameters, ...(isTyped ? typed : {}) },
    directory: { default: "/run/locks", env: "LOCKS" },
    locks,
  });
}
