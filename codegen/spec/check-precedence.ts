import { defined } from "../defined.js";
import type { Place, Problem } from "../model.js";
import { circlesOf } from "../order.js";
import type { SpecText } from "./read-yaml.js";
import { didYouMean } from "./suggest.js";
import { stringAt, stringsAt } from "./untyped.js";

/** What is wrong with `precedes`: unknown names, a kind before itself, and circles. */
export function precedenceProblems(spec: SpecText, kinds: readonly string[]): readonly Problem[] {
  const known = new Set(kinds);
  const problems: Problem[] = [];
  /** The kinds that each kind precedes, and where the spec says so. */
  const graph = new Map<string, Map<string, Place>>();
  for (const kind of kinds) {
    const later = new Map<string, Place>();
    for (const { other, place } of precedencesOf(spec, kind)) {
      const message = precedenceFault(kind, other, known, later);
      if (message === null) later.set(other, place);
      else problems.push({ place, message });
    }
    graph.set(kind, later);
  }
  const names = new Map(Array.from(graph, ([kind, later]) => [kind, [...later.keys()]]));
  for (const circle of circlesOf(names)) {
    const [first, last] = [defined(circle[0]), defined(circle.at(-1))];
    problems.push({
      place: defined(graph.get(last)?.get(first)),
      message: `"precedes" goes round in a circle, ${[...circle, first].join(" → ")}: remove one of these`,
    });
  }
  return problems;
}

function precedencesOf(
  spec: SpecText,
  kind: string,
): readonly { readonly other: string; readonly place: Place }[] {
  const path = ["locks", kind, "precedes"];
  const single = stringAt(spec, path);
  if (single !== null) return [{ other: single, place: spec.places.value(path) }];
  return stringsAt(spec, path).map((item) => ({
    other: item.text,
    place: spec.places.value(item.path),
  }));
}

function precedenceFault(
  kind: string,
  other: string,
  known: ReadonlySet<string>,
  before: ReadonlyMap<string, Place>,
): string | null {
  if (other === kind) return `"${kind}" cannot precede itself: remove this`;
  if (!known.has(other)) return `there is no lock "${other}"${didYouMean(other, known)}`;
  if (before.has(other)) return `"${other}" is named twice: remove one`;
  return null;
}
