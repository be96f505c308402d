// How long the generator takes, and how much memory, for 10, 100 and 1,000 kinds, all proofs included;
// and `check` on Barman's ten kinds from a cold start. Each run is a process of its own, and the best of
// several counts, since whatever else the machine does only ever adds. Exits 1 where a target is missed.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SELF = fileURLToPath(import.meta.url);
const SIZES = [10, 100, 1_000];
const RUNS = 3;

if (process.argv[2] === undefined) report();
else process.stdout.write(JSON.stringify(await measure(Number(process.argv[2]))));

/** Runs everything and prints it. */
function report() {
  const rows = SIZES.map((kinds) => ({ kinds, ...bestOf(RUNS, () => runOnce(kinds)) }));
  const phases = Object.keys(rows[0].phases);
  print(["kinds", ...phases, "work", "process", "peak"]);
  for (const { kinds, phases: times, work, whole, peak } of rows) {
    print([kinds, ...Object.values(times).map(ms), ms(work), ms(whole), `${Math.round(peak)} MB`]);
  }
  const [, hundred, thousand] = rows;
  const check = bestOf(RUNS, () => ({ whole: checkOnce() })).whole;
  const held = [
    target("1,000 kinds, process and all", thousand.whole / 1_000, 5, "s"),
    target("growth of the work from 100 to 1,000 kinds", thousand.work / hundred.work, 15, "×"),
    target("`check` on ten kinds from a cold start", check / 1_000, 1.2, "s"),
  ];
  process.exitCode = held.every(Boolean) ? 0 : 1;
}

/** One process for a catalogue of so many kinds. */
function runOnce(kinds) {
  const start = performance.now();
  const output = execFileSync(process.execPath, [SELF, String(kinds)], { encoding: "utf8" });
  const whole = performance.now() - start;
  return { ...JSON.parse(output), whole };
}

function checkOnce() {
  const start = performance.now();
  const main = path.join(ROOT, "dist/src/cli/main.js");
  const { status, stderr } = spawnSync(process.execPath, [main, "check"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0)
    throw new Error(`check exited with ${status}, run "npm run generate": ${stderr}`);
  return performance.now() - start;
}

function bestOf(runs, run) {
  return Array.from({ length: runs }, run).sort((a, b) => a.whole - b.whole)[0];
}

/** In the process of its own: the time of each phase in ms, and the peak of memory in MB. */
async function measure(kinds) {
  const text = catalogue(kinds);
  const phases = {};
  const time = async (name, work) => {
    const start = performance.now();
    const result = await work();
    phases[name] = performance.now() - start;
    return result;
  };
  const [{ read }, { validate }, { prove }, { emit }] = await time("load", () =>
    Promise.all(
      ["read.js", "validate.js", "prove/index.js", "emit.js"].map(
        (file) => import(path.join(ROOT, "dist/codegen", file)),
      ),
    ),
  );
  const source = { file: "locks.yaml", text };
  const raw = await time("read", () => read(source));
  const { spec, problems } = await time("validate", () => validate(raw));
  if (spec === null) throw new Error(`the catalogue is not valid: ${problems[0].message}`);
  const proof = await time("prove", () => prove(spec));
  if (proof.problems.length > 0) throw new Error(proof.problems[0].message);
  const files = await time("emit", () => emit(spec, proof));
  if (files.size !== kinds + 3) throw new Error(`${files.size} files for ${kinds} kinds`);
  const { load, ...rest } = phases;
  const work = Object.values(rest).reduce((sum, ms) => sum + ms, 0);
  return { phases: { load, ...rest }, work, peak: process.resourceUsage().maxRSS / 1_024 };
}

/** Barman's ten kinds, once for each of so many applications: all begin alike and nine in ten overlap. */
function catalogue(kinds) {
  const barman = parse(readFileSync(path.join(ROOT, "locks.yaml"), "utf8"));
  const locks = {};
  for (let application = 0; Object.keys(locks).length < kinds; application++) {
    for (const [name, lock] of Object.entries(barman.locks)) {
      const template = lock.template.replace(/\.lock$/u, `.app${application}.lock`);
      locks[`App${application}${name}`] = { ...lock, template };
    }
  }
  return stringify({ ...barman, locks });
}

function target(what, value, most, unit) {
  const holds = value <= most;
  const shown = `${value.toFixed(2)} ${unit}`;
  process.stdout.write(
    `${holds ? "holds " : "MISSED"}  ${what}: ${shown} (at most ${most} ${unit})\n`,
  );
  return holds;
}

function ms(value) {
  return `${value.toFixed(0)} ms`;
}

function print(cells) {
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(9)).join(" ")}\n`);
}
