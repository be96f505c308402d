import path from "node:path";
import { cannotRun } from "./cannot-run.js";
import { emit } from "./emit/index.js";
import { load } from "./load.js";
import { type GenerateOutcome, outcomeOf } from "./outcome.js";
import { diffOf } from "./output/diff.js";
import { checkDirectory, plan } from "./output/plan.js";
import { write } from "./output/write.js";
import { foldingWarnings } from "./prove/folding.js";
import { besideOf } from "./spec/beside.js";
import { readSource, type SpecOptions } from "./spec/source.js";

export {
  type BreakingOptions,
  type BreakingOutcome,
  breaking,
  /** What each rule of `breaking` is about: what breaks, and when. */
  RULES as BREAKING_RULES,
} from "./breaking/index.js";
export { CannotRun } from "./cannot-run.js";
export { type Explained, explain } from "./explain/index.js";
export type { Format } from "./formats/index.js";
export { type Loaded, load } from "./load.js";
export type { CatalogueSpec, Kind, Overlap, Parameter, Problem, Proof, Source } from "./model.js";

/**
 * Writes what the spec says, unless something is wrong with the spec. Files that would not change
 * are not touched. The states in the outcome are those from before.
 *
 * @throws CannotRun if the spec cannot be read or the output cannot be written.
 */
export function generate(options: SpecOptions = {}): GenerateOutcome {
  return run(options, "generate");
}

/**
 * Compares what the spec says with what is there. Writes nothing, and waits for nothing.
 *
 * @throws CannotRun if the spec or the output cannot be read.
 */
export function check(options: SpecOptions = {}): GenerateOutcome {
  return run(options, "check");
}

/** The text of every file of a catalogue, by its path from the output directory. Touches no file. */
export { emit } from "./emit/index.js";
export type { FileResult, GenerateOutcome } from "./outcome.js";
/** Problems as text for a terminal. */
export { report } from "./report.js";
export type { SpecOptions } from "./spec/source.js";

function run(
  { spec: file = "locks.yaml", cwd = process.cwd() }: SpecOptions,
  what: "generate" | "check",
): GenerateOutcome {
  const source = readSource(file, cwd);
  const { spec, proof, problems } = load(source, besideOf(file, cwd));
  if (spec === null) return outcomeOf(what, source, cwd, { problems, warnings: [], files: [] });

  const root = path.dirname(path.resolve(cwd, file));
  const directory = path.resolve(root, spec.output);
  const texts = emit(spec, proof);
  const states = reachable(directory, () => {
    const folders = [...texts.keys()].map((name) => path.dirname(path.join(directory, name)));
    if (what === "generate") for (const folder of new Set(folders)) checkDirectory(folder, root);
    const links = what === "generate" ? "refuse" : "follow";
    const found = plan(directory, texts, { spec: path.resolve(cwd, file), links });
    if (what === "generate") write(directory, found);
    return found;
  });
  const files = states.map((state) => {
    const shown = path.relative(cwd, path.join(directory, state.name));
    return { path: shown, state: state.state, diff: diffOf(state, shown) };
  });
  const warnings = foldingWarnings(spec, proof.foldings);
  return outcomeOf(what, source, cwd, { problems: [], warnings, files });
}

/** What the system refuses while the output is read or written is not a bug of ours. */
function reachable<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw cannotRun(`cannot work in ${directory}`, error);
  }
}
