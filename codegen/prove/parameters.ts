import { languageOfPattern } from "../automata/languages.js";
import { unlessTooComplex } from "../automata/limits.js";
import { slowInput } from "../automata/linear-time.js";
import type { CatalogueSpec, Problem } from "../model.js";
import { plain, slow } from "./messages.js";

/** What stands against parameter patterns taken by themselves. */
export interface ParameterJudgement {
  readonly problems: readonly Problem[];
  /** Parameters whose pattern is too large to be judged; nor can the kinds be that use them. */
  readonly unjudged: ReadonlySet<string>;
  /** Parameters whose pattern can be slow. */
  readonly slow: ReadonlySet<string>;
}

/**
 * Judges the pattern of each parameter, used or not. The runtime runs these patterns too, on the values that a
 * program passes in, so that they have to be fast on every text, not only on file names.
 */
export function checkParameters(spec: CatalogueSpec): ParameterJudgement {
  const problems: Problem[] = [];
  const unjudged = new Set<string>();
  const slowOnes = new Set<string>();
  for (const { name, pattern, patternPlace } of spec.parameters.values()) {
    const judge = (): Problem | null => {
      const input = slowInput(languageOfPattern(pattern));
      if (input === null) return null;
      slowOnes.add(name);
      return slow(`the pattern of ${name}`, patternPlace, input);
    };
    const problem = unlessTooComplex(judge, (reason) => {
      unjudged.add(name);
      return plain(
        patternPlace,
        `the pattern of ${name} is too large to be judged: ${reason}`,
        "Simplify it: smaller counts in braces, and no counts inside counts.",
      );
    });
    if (problem !== null) problems.push(problem);
  }
  return { problems, unjudged, slow: slowOnes };
}
