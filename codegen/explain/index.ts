import { load } from "../load.js";
import type { Problem } from "../model.js";
import { asData, type ProblemData, report } from "../report.js";
import { besideOf } from "../spec/beside.js";
import { readSource, type SpecOptions } from "../spec/source.js";
import { type Explanation, explanationOf } from "./explanation.js";
import { explanationText } from "./text.js";

export { CannotRun } from "../cannot-run.js";

/** What `explain` found. With problems, there is nothing to explain. */
export interface Explained {
  /** What is wrong with the spec; empty if it can be explained. */
  readonly problems: readonly Problem[];
  /** The problems as text for a terminal; empty if there are none. */
  readonly report: string;
  /** The catalogue as text, no line of it wider than `width` columns; empty if there are problems. */
  text(width: number): string;
  /** The same as data: the catalogue, or the problems. */
  readonly data: Explanation | Unexplained;
}

/** What `explain --json` prints for a spec with problems. */
interface Unexplained {
  /** What is wrong, with its place. */
  readonly problems: readonly ProblemData[];
}

/**
 * Explains a spec: its kinds in reading order, and every overlap of theirs with a name that shows it.
 *
 * @throws CannotRun if the spec cannot be read.
 */
export function explain({
  spec: file = "locks.yaml",
  cwd = process.cwd(),
}: SpecOptions = {}): Explained {
  const source = readSource(file, cwd);
  const { spec, proof, problems } = load(source, besideOf(file, cwd));
  if (spec === null) {
    const data = { problems: asData(problems, source) };
    return { problems, report: report(problems, source), text: () => "", data };
  }
  const data = explanationOf(spec, proof);
  return { problems, report: "", text: (width) => explanationText(data, width), data };
}
