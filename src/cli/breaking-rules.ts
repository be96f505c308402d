/**
 * The rules of `breaking` for its help: name, what it breaks, when. The generator, which has the
 * same table, is not loaded for a help text; a test holds the two together.
 */
export const BREAKING_RULES: readonly (readonly [rule: string, breaks: string, when: string])[] = [
  ["catalogue-renamed", "code", "the catalogue object is exported under another name"],
  ["kind-removed", "exclusion", "a kind is gone"],
  ["kind-renamed", "code", "a kind has its template under another name"],
  ["template-changed", "exclusion", "the same values give another file name"],
  ["parameter-renamed", "code", "a parameter has another name"],
  ["parameters-reordered", "code", "a constructor takes its parameters in another order"],
  ["pattern-widened", "exclusion", "a parameter takes values that the old program refuses"],
  ["pattern-narrowed", "exclusion", "a parameter refuses values that the old program takes"],
  ["pattern-changed", "exclusion", "a parameter takes some new values and refuses some old ones"],
  ["default-wait-changed", "behaviour", "acquiring waits by default, or no longer does"],
  ["default-raise-changed", "behaviour", "a failed acquire throws by default, or no longer does"],
  ["readable-changed", "reading", "names of a kind are read back, or no longer are"],
  ["reading-order-changed", "reading", "names of two kinds belong to the other one"],
  ["names-taken-over", "reading", "names of an old kind belong to a new kind"],
  ["undecided", "exclusion", "the patterns are too large to compare"],
];
