import type { Languages } from "../automata/languages.js";
import { unlessTooComplex } from "../automata/limits.js";
import { type Common, overlap } from "../automata/overlap.js";
import { accepts } from "../automata/readings.js";
import type { CatalogueSpec, Kind, Overlap, Problem } from "../model.js";
import { byCodeUnit } from "../order.js";
import { candidatePairs } from "./candidates.js";
import { declaredHere, plain, twoOwners, unreadableClaim } from "./messages.js";
import { exampleNames, furnished } from "./witness.js";

/** What is known of the kinds two by two. */
export interface Pairs {
  readonly problems: readonly Problem[];
  /** Each pair that shares names and has an owner for them. */
  readonly overlaps: readonly Overlap[];
  /** How two kinds share names; `null` if they share none, `undefined` if it could not be decided. */
  between(a: Kind, b: Kind): Shared | null | undefined;
}

/** Names that two kinds share. */
export interface Shared {
  /** The kind whose names are all the other's, too; `null` if both or neither is. */
  readonly narrower: string | null;
  readonly witness: string;
}

/**
 * Decides for every two kinds whether they share names, and whose these are.
 *
 * - The narrower of two readable kinds owns its names. Two kinds with equal names, or each with names of its
 *   own, are a problem unless one says `precedes` of the other.
 * - A kind with `readable: false` is never the answer of `identify`, so that it cannot own a name against a
 *   readable kind: if the two share names, either the readable kind is the narrower one, or it says
 *   `precedes`. Two unreadable kinds that share names lock the same files, and one has to say that it knows.
 */
export function checkPairs(
  kinds: readonly Kind[],
  spec: CatalogueSpec,
  languages: Languages,
): Pairs {
  const problems: Problem[] = [];
  const overlaps: Overlap[] = [];
  const known = new Map<string, Shared | undefined>();
  let isCutShort = false;
  for (const [earlier, later] of candidatePairs(kinds)) {
    if (problems.length >= MOST_PROBLEMS) {
      isCutShort = true;
      problems.push(
        plain(
          later.templatePlace,
          `${MOST_PROBLEMS} pairs of kinds claim common names, and the pairs from here on were not compared`,
          "Fix those first: most often it is one parameter whose pattern lets its values run into what follows.",
        ),
      );
      break;
    }
    const common = compared(later, earlier, languages);
    if (common === null) continue;
    if ("undecided" in common) {
      known.set(keyOf(later, earlier), undefined);
      problems.push(undecided(later, earlier, common.undecided));
      continue;
    }
    const [narrow, wide] = common.relation === "contains" ? [earlier, later] : [later, earlier];
    const strict = common.relation === "contains" || common.relation === "within";
    const witness = familiarWitness(narrow, wide, common.witness, spec, languages);
    known.set(keyOf(later, earlier), { narrower: strict ? narrow.name : null, witness });
    const owner = ownerOf(narrow, wide, strict);
    if (owner === null) {
      // A `precedes` that settles nothing is reported as a declaration.
      if (says(later, earlier) === says(earlier, later)) {
        problems.push(unsettled(later, earlier, { ...common, witness }, spec, languages));
      }
    } else {
      const other = owner.kind === narrow ? wide : narrow;
      overlaps.push({ owner: owner.kind.name, other: other.name, reason: owner.reason, witness });
    }
  }
  return {
    problems,
    overlaps,
    between: (a, b) =>
      known.has(keyOf(a, b)) ? known.get(keyOf(a, b)) : isCutShort ? undefined : null,
  };
}

/**
 * Pairs with a problem that are reported, at most. One careless pattern sets all kinds of a catalogue against each
 * other, which nobody reads to the end.
 */
const MOST_PROBLEMS = 100;

/** Whether a kind declares that it precedes another. */
export function says(kind: Kind, other: Kind): boolean {
  return kind.precedes.some(({ name }) => name === other.name);
}

function ownerOf(
  narrow: Kind,
  wide: Kind,
  strict: boolean,
): { readonly kind: Kind; readonly reason: Overlap["reason"] } | null {
  // A `precedes` of the wider kind is checked with the declarations.
  if (strict && narrow.readable) return { kind: narrow, reason: "contained" };
  if (says(narrow, wide) === says(wide, narrow)) return null;
  const [first, second] = says(narrow, wide) ? [narrow, wide] : [wide, narrow];
  return first.readable || !second.readable ? { kind: first, reason: "precedes" } : null;
}

function compared(
  later: Kind,
  earlier: Kind,
  languages: Languages,
): Common | null | { readonly undecided: string } {
  const decide = (): Common | null => overlap(languages.of(later), languages.of(earlier));
  return unlessTooComplex<ReturnType<typeof compared>>(decide, (undecided) => ({ undecided }));
}

function undecided(later: Kind, earlier: Kind, reason: string): Problem {
  return {
    ...plain(
      later.templatePlace,
      `whether ${later.name} and ${earlier.name} share names cannot be decided: ${reason}`,
      "Simplify the patterns of their parameters.",
    ),
    related: declaredHere(later, earlier),
  };
}

function unsettled(
  later: Kind,
  earlier: Kind,
  { relation, witness, onlyFirst, onlySecond }: Common,
  spec: CatalogueSpec,
  languages: Languages,
): Problem {
  if (!later.readable) return unreadableClaim(later, earlier, witness, languages);
  if (!earlier.readable) return unreadableClaim(earlier, later, witness, languages);
  const alone = (kind: Kind, other: Kind, shortest: string | null): string =>
    exampleNames(kind, spec, languages).find((name) => !accepts(languages.of(other), name)) ??
    shortest ??
    "";
  return twoOwners(
    later,
    earlier,
    relation === "equal" ? "equal" : "partial",
    {
      common: witness,
      onlyLater: alone(later, earlier, onlyFirst),
      onlyEarlier: alone(earlier, later, onlySecond),
    },
    languages,
  );
}

/** A common name that a person knows, if the examples give one; else the shortest, with examples put in. */
function familiarWitness(
  narrow: Kind,
  wide: Kind,
  shortest: string,
  spec: CatalogueSpec,
  languages: Languages,
): string {
  const both = (name: string): boolean =>
    accepts(languages.of(narrow), name) && accepts(languages.of(wide), name);
  for (const kind of [narrow, wide]) {
    const known = exampleNames(kind, spec, languages).find(both);
    if (known !== undefined) return known;
  }
  const once = furnished(shortest, narrow, spec, languages, both);
  return furnished(once, wide, spec, languages, both);
}

function keyOf(a: Kind, b: Kind): string {
  return [a.name, b.name].sort(byCodeUnit).join("\0");
}
