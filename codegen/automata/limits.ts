/** What the proofs take for granted about names, and how far they look before they give up. */

/** PositionAutomaton in the automaton of one kind, at most; `[a-z]{1,200}` has 200 of them. */
export const MOST_POSITIONS = 4_000;

/** Groups in the regex of one kind, at most, when the repetitions around them are written out. */
export const MOST_GROUPS = 50_000;

/** Configurations that one question may visit; a question that needs more is refused, never guessed. */
export const MOST_CONFIGURATIONS = 50_000;

/**
 * How often one position of a regex may be tried at one place of a name. An analysis that stays below it for
 * every input has shown that matching takes at most this many times pattern size times name length: linear.
 */
export const MOST_TRIES = 32;

/** The answer would take too long to find; the caller reports it as a problem of the spec. */
export class TooComplex extends Error {
  override readonly name = "TooComplex";
}

/** What `decide` finds, or what `otherwise` makes of the reason why it takes too long. */
export function unlessTooComplex<T>(decide: () => T, otherwise: (reason: string) => T): T {
  try {
    return decide();
  } catch (error) {
    if (error instanceof TooComplex) return otherwise(error.message);
    throw error;
  }
}
