import type { Languages } from "../automata/languages.js";
import { defined } from "../defined.js";
import type { Kind } from "../model.js";
import { pairsThatMeet } from "./joint-walk.js";

/**
 * The pairs of kinds that may share a name, each once. What is left out here has no common name for certain,
 * and what is not left out is for the automata to judge; so this decides how long a proof takes, never what it
 * says.
 *
 * Names begin and end with the literals of their template, so that two kinds with a common name have
 * beginnings of which one starts with the other, and endings of which one ends with the other. Where that
 * leaves many pairs (`.{server}-word-{id}.lock`), all kinds are walked together, from either end.
 */
export function candidatePairs(
  kinds: readonly Kind[],
  languages: Languages,
): (readonly [Kind, Kind])[] {
  const pairs = pairsByLiterals(kinds);
  if (pairs.length <= FEW) return pairs;
  const all = kinds.map((kind) => languages.of(kind));
  const budget = Math.min(pairs.length * STEPS, MOST_STEPS);
  const met = pairsThatMeet(all, "backwards", budget) ?? pairsThatMeet(all, "forwards", budget);
  if (met === null) return pairs;
  const index = new Map(kinds.map((kind, at) => [kind, at]));
  return pairs.filter(([low, high]) =>
    met.has(defined(index.get(low)) * kinds.length + defined(index.get(high))),
  );
}

/** Pairs that are sooner judged one by one. */
const FEW = 1_000;

/** Steps of a joint walk that take as long as judging a pair. */
const STEPS = 100;

/** Steps of a joint walk, at most: about a second. */
const MOST_STEPS = 2_000_000;

function pairsByLiterals(kinds: readonly Kind[]): (readonly [Kind, Kind])[] {
  const pairs: (readonly [Kind, Kind])[] = [];
  const edges = kinds.map((kind) => ({
    kind,
    begin: literalOf(kind.tokens[0]),
    end: literalOf(kind.tokens.at(-1)),
  }));
  for (const [index, first] of edges.entries()) {
    for (const second of edges.slice(index + 1)) {
      if (!(first.end.endsWith(second.end) || second.end.endsWith(first.end))) continue;
      if (!(first.begin.startsWith(second.begin) || second.begin.startsWith(first.begin))) continue;
      pairs.push([first.kind, second.kind]);
    }
  }
  return pairs;
}

/** The text of a literal token; a parameter promises nothing about it. */
function literalOf(token: Kind["tokens"][number] | undefined): string {
  return token !== undefined && "literal" in token ? token.literal : "";
}
