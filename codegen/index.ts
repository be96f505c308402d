import path from "node:path";
import { cannotRun } from "./cannot-run.js";
import { emit } from "./emit/index.js";
import { load } from "./load.js";
import type { Problem } from "./model.js";
import { diffOf } from "./output/diff.js";
import { checkDirectory, type FileState, plan } from "./output/plan.js";
import { write } from "./output/write.js";
import { foldingWarnings } from "./prove/folding.js";
import { report } from "./report.js";
import { besideOf } from "./spec/beside.js";
import { readSource, type SpecOptions } from "./spec/source.js";

export { type BreakingOptions, type BreakingOutcome, breaking } from "./breaking/index.js";
export { CannotRun } from "./cannot-run.js";
export { type Explained, explain } from "./explain/index.js";
export { type Loaded, load } from "./load.js";
export type { CatalogueSpec, Kind, Overlap, Parameter, Problem, Proof, Source } from "./model.js";
/** What each rule of `breaking` is about: what breaks, and when. */
export { RULES as BREAKING_RULES } from "./rules.js";

/** A file of the output, and how it differs from what the spec says. */
export interface FileResult {
  /** The path, relative to `cwd`. */
  readonly path: string;
  /** `missing`; `stale`: not what it should be; `orphaned`: no longer of this spec; or `fresh`: as it should be. */
  readonly state: FileState["state"];
  /** A unified diff from what is there to what should be; empty for a fresh file. */
  readonly diff: string;
}

/** What `generate` or `check` found. With problems, no file was looked at. */
export interface GenerateOutcome {
  /** The spec's path, as given. */
  readonly spec: string;
  /** What is wrong with the spec. */
  readonly problems: readonly Problem[];
  /** What is as it should be, and may surprise: locks that exclude each other only on some file systems. */
  readonly warnings: readonly Problem[];
  /** The problems and warnings as text for a terminal; empty if there are none. */
  readonly report: string;
  /** Every generated file, by name. */
  readonly files: readonly FileResult[];
}

/**
 * Writes what the spec says, unless something is wrong with the spec. Files that would not change
 * are not touched. The states in the outcome are those from before.
 *
 * @throws CannotRun if the spec cannot be read or the output cannot be written.
 */
export function generate(options: SpecOptions = {}): GenerateOutcome {
  return run(options, "write");
}

/**
 * Compares what the spec says with what is there. Writes nothing, and waits for nothing.
 *
 * @throws CannotRun if the spec or the output cannot be read.
 */
export function check(options: SpecOptions = {}): GenerateOutcome {
  return run(options, "compare");
}

/** The text of every file of a catalogue, by its path from the output directory. Touches no file. */
export { emit } from "./emit/index.js";
/** Problems as text for a terminal. */
export { report } from "./report.js";
export type { SpecOptions } from "./spec/source.js";

function run(
  { spec: file = "locks.yaml", cwd = process.cwd() }: SpecOptions,
  what: "write" | "compare",
): GenerateOutcome {
  const source = readSource(file, cwd);
  const { spec, proof, problems } = load(source, besideOf(file, cwd));
  if (spec === null) {
    return { spec: file, problems, warnings: [], report: report(problems, source), files: [] };
  }

  const root = path.dirname(path.resolve(cwd, file));
  const directory = path.resolve(root, spec.output);
  const texts = emit(spec, proof);
  const states = reachable(directory, () => {
    const folders = [...texts.keys()].map((name) => path.dirname(path.join(directory, name)));
    if (what === "write") for (const folder of new Set(folders)) checkDirectory(folder, root);
    const links = what === "write" ? "refuse" : "follow";
    const found = plan(directory, texts, { spec: path.resolve(cwd, file), links });
    if (what === "write") write(directory, found);
    return found;
  });
  const files = states.map((state) => {
    const shown = path.relative(cwd, path.join(directory, state.name));
    return { path: shown, state: state.state, diff: diffOf(state, shown) };
  });
  const warnings = foldingWarnings(spec, proof.foldings);
  return { spec: file, problems: [], warnings, report: report(warnings, source), files };
}

/** What the system refuses while the output is read or written is not a bug of ours. */
function reachable<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw cannotRun(`cannot work in ${directory}`, error);
  }
}
