import { visibleLines } from "../src/text.js";
import type { CatalogueSpec, Neighbour, Problem, Proof, Source } from "./model.js";
import { prove } from "./prove/index.js";
import type { ReadBeside } from "./spec/beside.js";
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

/**
 * Reads, validates and proves the text of a spec. Touches no file by itself, and throws nothing: faults are problems.
 *
 * @param readBeside Reads the specs beside it; without it, what is beside a spec plays no part in its proof.
 */
export function load(source: Source, readBeside: ReadBeside | null = null): Loaded {
  const { spec, problems } = validate(read(source));
  if (spec === null) return refused(problems);
  const neighbours = readBeside === null ? [] : neighboursOf(spec, readBeside);
  const faults = neighbours.flatMap((one) => ("message" in one ? [one] : []));
  const proof = prove(
    spec,
    neighbours.flatMap((one) => ("spec" in one ? [one] : [])),
  );
  const found = [...faults, ...proof.problems];
  if (found.length === 0) return { spec, proof, problems: [] };
  return refused(inOrder(found));
}

/** The catalogues beside one, or what is wrong with them. What is beside these is of no account. */
function neighboursOf(
  spec: CatalogueSpec,
  readBeside: ReadBeside,
): readonly (Neighbour | Problem)[] {
  const files = new Set<string>();
  return spec.beside.map(({ specifier, place }) => {
    const read = readBeside(specifier);
    if ("fault" in read) {
      return { place, message: `cannot prove anything beside "${specifier}": ${read.fault}` };
    }
    if (files.has(read.file))
      return { place, message: `"${specifier}" is named twice: remove one` };
    files.add(read.file);
    const { spec: other, problems } = load(read);
    if (other !== null) return { spec: other, place };
    const rest = problems.length === 1 ? "a problem" : `${problems.length} problems`;
    return {
      place,
      message: `cannot prove anything beside "${specifier}", which has ${rest}: fix that first`,
      related: problems
        .slice(0, 1)
        .map((problem) => ({ place: problem.place, message: problem.message, source: read })),
    };
  });
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
