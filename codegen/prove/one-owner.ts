import { inQuotes } from "../../src/text.js";
import type { Languages } from "../automata/languages.js";
import { defined } from "../defined.js";
import type { CatalogueSpec, Kind, Overlap, Problem } from "../model.js";
import { byCodeUnit } from "../order.js";
import { checkDeclarations } from "./declarations.js";
import { declaredHere, plain } from "./messages.js";
import { checkOwnership } from "./owns-a-name.js";
import { checkPairs } from "./pairs.js";
import { readingOrder } from "./reading-order.js";

/** The owners of the names that several kinds accept. */
export interface Ownership {
  readonly problems: readonly Problem[];
  readonly overlaps: readonly Overlap[];
  readonly readingOrder: readonly string[];
}

/**
 * Proves that every name has one owner: each two kinds that share names agree on whose they are, what they
 * agree on fits into one order, every `precedes` has a purpose, and every kind is left with a name.
 */
export function oneOwner(
  kinds: readonly Kind[],
  spec: CatalogueSpec,
  languages: Languages,
): Ownership {
  // From here on the order is that of the places, so that shuffled kinds give the same verdicts.
  // Kinds of other catalogues come first: what they share with this one's is wrong here.
  const sorted = [...kinds].sort(
    (a, b) =>
      Number(a.origin === null) - Number(b.origin === null) ||
      a.place.start - b.place.start ||
      byCodeUnit(a.name, b.name),
  );
  const readable = sorted.filter((kind) => kind.readable);
  const pairs = checkPairs(sorted, spec, languages);
  const { order, circles } = readingOrder(
    readable.map((kind) => kind.name),
    pairs.overlaps.map(({ owner, other }) => [owner, other] as const),
  );
  return {
    problems: [
      ...pairs.problems,
      ...checkDeclarations(sorted, pairs),
      ...circles.map((circle) => circleProblem(circle, readable, pairs.overlaps)),
      // In a circle nobody owns the common names yet.
      ...(circles.length > 0 ? [] : checkOwnership(readable, pairs.overlaps, spec, languages)),
    ],
    overlaps: inOrder(pairs.overlaps, order),
    readingOrder: order,
  };
}

/** By owner and then by the other, in reading order; kinds that are never read come last. */
function inOrder(overlaps: readonly Overlap[], order: readonly string[]): Overlap[] {
  const rank = new Map(order.map((name, index) => [name, index]));
  const compare = (a: string, b: string): number =>
    (rank.get(a) ?? rank.size) - (rank.get(b) ?? rank.size) || byCodeUnit(a, b);
  return [...overlaps].sort((a, b) => compare(a.owner, b.owner) || compare(a.other, b.other));
}

function circleProblem(
  names: readonly string[],
  kinds: readonly Kind[],
  overlaps: readonly Overlap[],
): Problem {
  const circle = names.flatMap((name) => kinds.filter((kind) => kind.name === name));
  // It is reported at the kind that comes last in the YAML, which is most likely the new one.
  const last = circle.reduce((a, b) => (kinds.indexOf(b) > kinds.indexOf(a) ? b : a));
  const turn = circle.indexOf(last);
  const round = [...circle.slice(turn), ...circle.slice(0, turn)];
  const steps = round.map((kind, index) => {
    const next = defined(round[(index + 1) % round.length]);
    const { reason, witness } = defined(
      overlaps.find(({ owner, other }) => owner === kind.name && other === next.name),
    );
    const because = reason === "contained" ? "is the narrower" : "says `precedes`";
    return `  ${kind.name} comes before ${next.name}: it ${because} (both claim ${inQuotes(witness)})`;
  });
  return {
    ...plain(
      last.templatePlace,
      "these kinds cannot be put in a reading order, each has to come before the next",
      ...steps,
      "Remove one `precedes` of this circle.",
    ),
    related: declaredHere(last, ...round.slice(1)),
  };
}
