import { languageOfPattern } from "../automata/languages.js";
import { unlessTooComplex } from "../automata/limits.js";
import { slowInput } from "../automata/linear-time.js";
import type { CatalogueSpec, Problem } from "../model.js";
import { plain, slow } from "./messages.js";

/** What is wrong with parameter patterns by themselves. */
export interface ParameterFindings {
  readonly problems: readonly Problem[];
  /** Parameters whose pattern is too large to check; the kinds that use them cannot be checked either. */
  readonly undecided: ReadonlySet<string>;
  /** Parameters whose pattern can be slow. */
  readonly slow: ReadonlySet<string>;
}

/**
 * Checks the pattern of each parameter, used or not. The runtime runs these patterns too, on the values that a
 * program passes in, so that they have to be fast on every text, not only on file names.
 */
export function checkParameters(spec: CatalogueSpec): ParameterFindings {
  const problems: Problem[] = [];
  const undecided = new Set<string>();
  const slowOnes = new Set<string>();
  for (const { name, pattern, patternPlace } of spec.parameters.values()) {
    const check = (): Problem | null => {
      const input = slowInput(languageOfPattern(pattern));
      if (input === null) return null;
      slowOnes.add(name);
      return slow(`the pattern of ${name}`, patternPlace, input);
    };
    const problem = unlessTooComplex(check, (reason) => {
      undecided.add(name);
      return plain(
        patternPlace,
        `the pattern of ${name} is too large to check: ${reason}`,
        "Simplify it: smaller counts in braces, and no counts inside counts.",
      );
    });
    if (problem !== null) problems.push(problem);
  }
  return { problems, undecided, slow: slowOnes };
}
