import type { Place, Problem } from "../model.js";
import type { SpecText } from "./read-yaml.js";
import { didYouMean } from "./suggest.js";
import { stringAt, stringsAt } from "./untyped.js";

/** One `A precedes B`, and where it is said. */
interface Precedence {
  readonly other: string;
  readonly place: Place;
}

/** What is wrong with `precedes`: unknown names, a kind before itself, and circles. */
export function precedenceProblems(spec: SpecText, kinds: readonly string[]): readonly Problem[] {
  const known = new Set(kinds);
  const problems: Problem[] = [];
  const graph = new Map<string, Precedence[]>();
  for (const kind of kinds) {
    const edges: Precedence[] = [];
    for (const { other, place } of precedencesOf(spec, kind)) {
      const fault = edgeFault(kind, other, known, edges);
      if (fault === null) edges.push({ other, place });
      else problems.push({ place, message: fault });
    }
    graph.set(kind, edges);
  }
  return [...problems, ...circles(graph)];
}

function precedencesOf(spec: SpecText, kind: string): readonly Precedence[] {
  const path = ["locks", kind, "precedes"];
  const single = stringAt(spec, path);
  if (single !== null) return [{ other: single, place: spec.places.value(path) }];
  return stringsAt(spec, path).map((item) => ({
    other: item.text,
    place: spec.places.value(item.path),
  }));
}

function edgeFault(
  kind: string,
  other: string,
  known: ReadonlySet<string>,
  before: readonly Precedence[],
): string | null {
  if (other === kind) return `"${kind}" cannot precede itself: remove this`;
  if (!known.has(other)) return `there is no lock "${other}"${didYouMean(other, known)}`;
  if (before.some((edge) => edge.other === other)) return `"${other}" is named twice: remove one`;
  return null;
}

/**
 * One problem for each circle, at the step that closes it in a walk along the order of the YAML.
 */
function circles(graph: ReadonlyMap<string, readonly Precedence[]>): readonly Problem[] {
  const problems: Problem[] = [];
  const done = new Set<string>();
  for (const start of graph.keys()) {
    if (done.has(start)) continue;
    // An explicit stack, since a chain may be as long as the catalogue.
    const trail: { kind: string; next: number }[] = [{ kind: start, next: 0 }];
    const onTrail = new Set([start]);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const edge = graph.get(top.kind)?.[top.next];
      top.next += 1;
      if (edge === undefined) {
        done.add(top.kind);
        onTrail.delete(top.kind);
        trail.pop();
      } else if (onTrail.has(edge.other)) {
        const names = trail.map(({ kind }) => kind);
        const circle = [...names.slice(names.indexOf(edge.other)), edge.other];
        const message = `"precedes" goes round in a circle, ${circle.join(" → ")}: remove one of these`;
        problems.push({ place: edge.place, message });
      } else if (!done.has(edge.other)) {
        trail.push({ kind: edge.other, next: 0 });
        onTrail.add(edge.other);
      }
    }
  }
  return problems;
}
