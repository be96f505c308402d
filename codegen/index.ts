import { readFileSync } from "node:fs";
import path from "node:path";
import { CannotRun } from "./cannot-run.js";
import { diffOf } from "./diff.js";
import { emit } from "./emit.js";
import type { CatalogueSpec, Problem, Proof, Source } from "./model.js";
import { checkDirectory, type FileState, plan } from "./plan.js";
import { prove } from "./prove/index.js";
import { read } from "./read.js";
import { report } from "./report.js";
import { inOrder, validate } from "./validate.js";
import { write } from "./write.js";

export { CannotRun } from "./cannot-run.js";
export type { CatalogueSpec, Kind, Overlap, Parameter, Problem, Proof, Source } from "./model.js";

export interface Options {
  /** The spec, relative to `cwd`. Default: `locks.yaml`. */
  readonly spec?: string;
  /** Default: the working directory of the process. */
  readonly cwd?: string;
}

/** A spec with its proof; or all that is wrong with it. */
export type Loaded =
  | { readonly spec: CatalogueSpec; readonly proof: Proof; readonly problems: readonly [] }
  | { readonly spec: null; readonly proof: null; readonly problems: readonly Problem[] };

/** A file of the output, and how it differs from what the spec says. */
export interface FileResult {
  /** The path, relative to `cwd`. */
  readonly path: string;
  readonly state: FileState["state"];
  /** A unified diff from what is there to what should be; empty for a fresh file. */
  readonly diff: string;
}

/** What `generate` or `check` found. With problems, no file was looked at. */
export interface Outcome {
  /** The spec's path, as given. */
  readonly spec: string;
  readonly problems: readonly Problem[];
  /** The problems as text for a terminal; empty where there are none. */
  readonly report: string;
  /** Every generated file, by name. */
  readonly files: readonly FileResult[];
}

/**
 * Writes what the spec says, unless something is wrong with the spec. Files that would not change
 * are not touched. The states in the outcome are those from before.
 *
 * @throws CannotRun where the spec cannot be read or the output cannot be written.
 */
export function generate(options: Options = {}): Outcome {
  return run(options, write);
}

/**
 * Compares what the spec says with what is there; writes nothing.
 *
 * @throws CannotRun where the spec or the output cannot be read.
 */
export function check(options: Options = {}): Outcome {
  return run(options, () => {});
}

/** Reads, validates and proves the text of a spec. */
export function load(source: Source): Loaded {
  const { spec, problems } = validate(read(source));
  if (spec === null) return { spec, proof: null, problems };
  const proof = prove(spec);
  if (proof.problems.length === 0) return { spec, proof, problems: [] };
  return { spec: null, proof: null, problems: inOrder(proof.problems) };
}

/** The text of every file of a catalogue, by its name in the output directory. */
export { emit } from "./emit.js";
/** Problems as text for a terminal. */
export { report } from "./report.js";

function run(
  { spec: file = "locks.yaml", cwd = process.cwd() }: Options,
  act: (directory: string, states: readonly FileState[]) => void,
): Outcome {
  const source = readSource(file, cwd);
  const { spec, proof, problems } = load(source);
  if (spec === null) return { spec: file, problems, report: report(problems, source), files: [] };

  const root = path.dirname(path.resolve(cwd, file));
  const directory = path.resolve(root, spec.output);
  const texts = emit(spec, proof);
  const states = reachable(directory, () => {
    checkDirectory(directory, root);
    const found = plan(directory, texts, path.basename(file));
    act(directory, found);
    return found;
  });
  const files = states.map((state) => {
    const shown = path.relative(cwd, path.join(directory, state.name));
    return { path: shown, state: state.state, diff: diffOf(state, shown) };
  });
  return { spec: file, problems: [], report: "", files };
}

/** What the system says against reading or writing the output is no fault of the program. */
function reachable<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new CannotRun(`cannot work in ${directory}: ${error.message}`, { cause: error });
  }
}

function readSource(file: string, cwd: string): Source {
  if (/\p{Cc}/u.test(path.basename(file))) {
    throw new CannotRun("the name of a spec cannot hold control characters: rename it");
  }
  try {
    return { file, text: readFileSync(path.resolve(cwd, file), "utf8") };
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new CannotRun(`cannot read the spec ${file}: ${reason}`, { cause: error });
  }
}
