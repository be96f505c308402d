import { visibleLines } from "../src/text.js";
import type { CatalogueSpec, Problem, Proof, Source } from "./model.js";
import { prove } from "./prove/index.js";
import { read } from "./spec/read-yaml.js";
import { inOrder, validate } from "./spec/validate.js";

/** A spec with its proof; or all that is wrong with it. */
export type Loaded = Proved | Refused;

/** A spec that can be generated from. */
interface Proved {
  /** The spec, valid and with all defaults filled in. */
  readonly spec: CatalogueSpec;
  /** What holds between its kinds. */
  readonly proof: Proof;
  /** Empty: there are none. */
  readonly problems: readonly [];
}

/** A spec that must be fixed first. */
interface Refused {
  readonly spec: null;
  readonly proof: null;
  /** What is wrong, in the order of the text; at least one. */
  readonly problems: readonly Problem[];
}

/** Reads, validates and proves the text of a spec. Touches no file, and throws nothing: faults are problems. */
export function load(source: Source): Loaded {
  const { spec, problems } = validate(read(source));
  if (spec === null) return refused(problems);
  const proof = prove(spec);
  if (proof.problems.length === 0) return { spec, proof, problems: [] };
  return refused(inOrder(proof.problems));
}

/** Messages quote the spec: "B" and "B" with U+200B behind it must not look alike in them. */
function refused(problems: readonly Problem[]): Refused {
  return { spec: null, proof: null, problems: problems.map(legible) };
}

function legible(problem: Problem): Problem {
  const { related } = problem;
  return {
    ...problem,
    message: visibleLines(problem.message),
    ...(related && {
      related: related.map((other) => ({ ...other, message: visibleLines(other.message) })),
    }),
  };
}
