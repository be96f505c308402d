/** What a change breaks while the old and the new program run side by side. */
export type Breaks =
  /** They take different files for what should be one lock: nothing excludes any more. */
  | "exclusion"
  /** They answer differently what lock a file is. */
  | "reading"
  /** They exclude each other, and behave differently while they do. */
  | "behaviour"
  /** Code that was written against the old catalogue. */
  | "code";

/** The name of a rule: for scripts, so that it never changes its meaning. */
export type Rule =
  | "catalogue-renamed"
  | "kind-removed"
  | "kind-renamed"
  | "template-changed"
  | "directory-changed"
  | "directory-declared"
  | "parameter-renamed"
  | "parameter-type-changed"
  | "parameters-reordered"
  | "named-changed"
  | "pattern-widened"
  | "pattern-narrowed"
  | "pattern-changed"
  | "default-wait-changed"
  | "default-raise-changed"
  | "stamp-changed"
  | "mode-changed"
  | "group-changed"
  | "shared-removed"
  | "lock-order-changed"
  | "readable-changed"
  | "reading-order-changed"
  | "names-taken-over"
  | "undecided";

/** What each rule breaks, and when. */
export const RULES: Readonly<Record<Rule, readonly [breaks: Breaks, when: string]>> = {
  "catalogue-renamed": ["code", "the catalogue object is exported under another name"],
  "kind-removed": ["exclusion", "a kind is gone"],
  "kind-renamed": ["code", "a kind has its template under another name"],
  "template-changed": ["exclusion", "the same values give another file name"],
  "directory-changed": ["exclusion", "the files are in another directory"],
  "directory-declared": [
    "code",
    "the spec says where the files are, so that a constructor takes no directory first, or no longer does",
  ],
  "parameter-renamed": ["code", "a parameter has another name"],
  "parameter-type-changed": [
    "code",
    "a parameter is of another type: any text, one of a list, a number",
  ],
  "parameters-reordered": ["code", "a constructor takes its parameters in another order"],
  "named-changed": [
    "code",
    "a constructor takes its values by name in one object, or no longer does",
  ],
  "pattern-widened": ["exclusion", "a parameter takes values that the old program refuses"],
  "pattern-narrowed": ["exclusion", "a parameter refuses values that the old program takes"],
  "pattern-changed": ["exclusion", "a parameter takes some new values and refuses some old ones"],
  "default-wait-changed": ["behaviour", "acquiring waits by default, or no longer does"],
  "default-raise-changed": ["behaviour", "a failed acquire throws by default, or no longer does"],
  "stamp-changed": ["behaviour", "the holder's PID is written into the file, or no longer is"],
  "mode-changed": ["behaviour", "a file that is created lets others lock it than before"],
  "group-changed": ["behaviour", "a file that is created is of another group"],
  "shared-removed": ["behaviour", "readers may no longer share the lock, and exclude each other"],
  "lock-order-changed": [
    "behaviour",
    "two kinds are taken in another order, so that both may wait",
  ],
  "readable-changed": ["reading", "names of a kind are read back, or no longer are"],
  "reading-order-changed": ["reading", "names of two kinds belong to the other one"],
  "names-taken-over": ["reading", "names of an old kind belong to a new kind"],
  undecided: ["exclusion", "the patterns are too large to compare"],
};

/** The names of all rules. */
export const RULE_NAMES: readonly Rule[] = Object.keys(RULES).filter(isRule);

function isRule(name: string): name is Rule {
  return name in RULES;
}
