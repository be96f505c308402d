import { NAME_MAX } from "../../src/name.js";
import { inQuotes } from "../../src/text.js";
import type { Languages } from "../automata/languages.js";
import { unlessTooComplex } from "../automata/limits.js";
import { slowInput } from "../automata/linear-time.js";
import { anyName } from "../automata/overlap.js";
import { accepts, readings } from "../automata/readings.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Problem } from "../model.js";
import { plain, slow, twoReadings } from "./messages.js";
import { ambiguousName, isPlainlyUnambiguous, shapeOf } from "./one-reading.js";
import { exampleNames, furnished } from "./witness.js";

/** What is wrong with a kind by itself, whatever the others are. */
export interface KindFindings {
  readonly problems: readonly Problem[];
  /** Whether its names can be compared with those of other kinds. */
  readonly comparable: boolean;
}

/**
 * Checks kinds one by one: each has names, none of which is `.` or `..`; each name has one reading; and the
 * regex is not slow. `slowParameters` have a problem of their own already, as all kinds that use them would.
 */
export function kindCheck(
  spec: CatalogueSpec,
  languages: Languages,
  slowParameters: ReadonlySet<string>,
): (kind: Kind) => KindFindings {
  const findings = new Map<string, Finding>();
  return (kind) => {
    const nameless = namesProblem(kind, languages);
    if (nameless !== null) return { problems: [nameless], comparable: false };
    const mayBeSlow = !kind.parameters.some((parameter) => slowParameters.has(parameter));
    if (!kind.readable || isPlainlyUnambiguous(kind)) return { problems: [], comparable: true };
    const shape = shapeOf(kind, spec);
    const finding = findings.get(shape) ?? findingOf(kind, languages);
    findings.set(shape, finding);
    const problem = problemOf(finding, kind, spec, languages, mayBeSlow);
    return { problems: problem === null ? [] : [problem], comparable: true };
  };
}

/** What kinds of one shape have in common. */
interface Finding {
  readonly ambiguous?: string;
  readonly slow?: NonNullable<ReturnType<typeof slowInput>>;
  readonly undecided?: string;
}

/**
 * A kind with at most one parameter is not asked here: its literals only move the value to the right, so that
 * no position is tried more often than in the parameter's own pattern, which has been checked.
 */
function findingOf(kind: Kind, languages: Languages): Finding {
  const language = languages.of(kind);
  const decide = (): Finding => {
    const ambiguous = ambiguousName(language);
    // A name with two readings is what makes the regex slow, if it is; fixing the one fixes the other.
    if (ambiguous !== null) return { ambiguous };
    const slow = slowInput(language);
    return slow === null ? {} : { slow };
  };
  return unlessTooComplex(decide, (undecided) => ({ undecided }));
}

function problemOf(
  finding: Finding,
  kind: Kind,
  spec: CatalogueSpec,
  languages: Languages,
  mayBeSlow: boolean,
): Problem | null {
  if (finding.ambiguous !== undefined) {
    const name = familiar(finding.ambiguous, kind, spec, languages);
    return twoReadings(kind, name, languages);
  }
  if (finding.slow !== undefined) {
    return mayBeSlow ? slow(`the regex of ${kind.name}`, kind.templatePlace, finding.slow) : null;
  }
  if (finding.undecided === undefined || !mayBeSlow) return null;
  return plain(
    kind.templatePlace,
    `whether ${kind.name} reads each name in one way, and fast, cannot be decided: ${finding.undecided}`,
    "Simplify the patterns of its parameters.",
  );
}

/** An ambiguous name that is made of examples, if there is one. */
function familiar(shortest: string, kind: Kind, spec: CatalogueSpec, languages: Languages): string {
  const twice = (name: string): boolean =>
    [...firstTwo(readings(kind, languages.of(kind), name))].length === 2;
  const known = exampleNames(kind, spec, languages).find(twice);
  return known ?? furnished(shortest, kind, spec, languages, twice);
}

function* firstTwo<T>(items: Iterable<T>): Generator<T> {
  let left = 2;
  for (const item of items) {
    yield item;
    if (--left === 0) return;
  }
}

function namesProblem(kind: Kind, languages: Languages): Problem | null {
  const language = languages.of(kind);
  const dots = [".", ".."].find((name) => accepts(language, name));
  if (dots !== undefined) {
    const [reading] = readings(kind, language, dots);
    const values = Array.from(
      defined(reading),
      ([parameter, value]) => `${parameter} = ${inQuotes(value)}`,
    );
    return plain(
      kind.templatePlace,
      `the name of ${kind.name} can be ${inQuotes(dots)}, which is a directory and no file (with ${values.join(", ")})`,
      "Add a literal to the template, or a pattern that leaves this value out.",
    );
  }
  if (anyName(language) !== null) return null;
  return plain(
    kind.templatePlace,
    `${kind.name} has no name that fits into ${NAME_MAX} bytes`,
    "Shorten the template, or let its parameters take shorter values.",
  );
}
