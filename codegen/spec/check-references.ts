import { defined } from "../defined.js";
import type { Place, Problem } from "../model.js";
import { circlesOf } from "../order.js";
import type { SpecText } from "./read-yaml.js";
import { didYouMean } from "./suggest.js";
import { stringAt, stringsAt } from "./untyped.js";

/** The keys of a kind that name other kinds which come after it, and how messages say so. */
const KEYS = {
  precedes: { itself: "precede itself", verb: "precedes" },
  before: { itself: "be taken before itself", verb: "is taken before" },
} as const;

type Key = keyof typeof KEYS;

/** What is wrong with `precedes` and `before`: unknown names, a kind before itself, and circles. */
export function referenceProblems(spec: SpecText, kinds: readonly string[]): readonly Problem[] {
  return [...problemsOf("precedes", spec, kinds), ...problemsOf("before", spec, kinds)];
}

function problemsOf(key: Key, spec: SpecText, kinds: readonly string[]): readonly Problem[] {
  const known = new Set(kinds);
  const problems: Problem[] = [];
  /** The kinds that come after each kind, and where the spec says so. */
  const graph = new Map<string, Map<string, Place>>();
  for (const kind of kinds) {
    const later = new Map<string, Place>();
    for (const { other, place } of referencesOf(spec, kind, key)) {
      const message = fault(key, kind, other, known, later);
      if (message === null) later.set(other, place);
      else problems.push({ place, message });
    }
    graph.set(kind, later);
  }
  const names = new Map(Array.from(graph, ([kind, later]) => [kind, [...later.keys()]]));
  return [...problems, ...circlesOf(names).map((circle) => circleProblem(key, circle, graph))];
}

/** It is reported where the circle closes; where the spec says the rest of it is told with it. */
function circleProblem(
  key: Key,
  circle: readonly string[],
  graph: ReadonlyMap<string, ReadonlyMap<string, Place>>,
): Problem {
  const steps = circle.map((name, at) => {
    const next = defined(circle[(at + 1) % circle.length]);
    const message = `${name} ${KEYS[key].verb} ${next} here`;
    return { next, place: defined(graph.get(name)?.get(next)), message };
  });
  const { next: first, place } = defined(steps.at(-1));
  return {
    place,
    message: `"${key}" goes round in a circle, ${[...circle, first].join(" → ")}: remove one of these`,
    related: steps.slice(0, -1).map(({ place, message }) => ({ place, message })),
  };
}

function referencesOf(
  spec: SpecText,
  kind: string,
  key: Key,
): readonly { readonly other: string; readonly place: Place }[] {
  const path = ["locks", kind, key];
  const single = stringAt(spec, path);
  if (single !== null) return [{ other: single, place: spec.places.value(path) }];
  return stringsAt(spec, path).map((item) => ({
    other: item.text,
    place: spec.places.value(item.path),
  }));
}

function fault(
  key: Key,
  kind: string,
  other: string,
  known: ReadonlySet<string>,
  later: ReadonlyMap<string, Place>,
): string | null {
  if (other === kind) return `"${kind}" cannot ${KEYS[key].itself}: remove this`;
  if (!known.has(other)) return `there is no lock "${other}"${didYouMean(other, known)}`;
  if (later.has(other)) return `"${other}" is named twice: remove one`;
  return null;
}
