import { unlessTooComplex } from "../automata/limits.js";
import type { Place } from "../model.js";
import type { Rule } from "../rules.js";

/** A change that an old and a new program cannot live with side by side. */
export interface Finding {
  readonly rule: Rule;
  /** The kinds it is about, by their new names; a kind that is gone by its old one. */
  readonly kinds: readonly string[];
  /** The parameter it is about, by its new name; of other findings there is none. */
  readonly parameter?: string;
  /** What has changed, in a sentence. */
  readonly message: string;
  /** `null` if no file name has a part in it. */
  readonly witness: Witness | null;
  /** Where it is in the new spec; for something that is gone, what it was part of. */
  readonly place: Place;
  /** Where it was in the old spec, for what has no place in the new one. */
  readonly oldPlace: Place | null;
}

/** A file name that the two programs treat differently. */
export interface Witness {
  /** The file name itself, without a directory. */
  readonly name: string;
  /** What the old program does with it: the end of a sentence that begins with the program. */
  readonly old: string;
  /** What the new program does with it, in the same way. */
  readonly new: string;
}

/**
 * What `compare` finds. Patterns whose comparison would take too long are a finding as well: a
 * change is never passed over because it is hard to decide.
 */
export function decided(
  about: { readonly kinds: readonly string[]; readonly place: Place },
  compare: () => readonly Finding[],
): readonly Finding[] {
  return unlessTooComplex(compare, (reason) => {
    const message = `whether the names of ${about.kinds.join(" and ")} are the same as before cannot be decided: ${reason}`;
    return [{ ...about, rule: "undecided", message, witness: null, oldPlace: null }];
  });
}
