import { byCodeUnit } from "../order.js";

/** An arrow from one kind to another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly isDotted?: boolean;
}

/**
 * Arrows between kinds as a drawing in Markdown, which GitHub and GitLab show as a picture; `null` if there are none,
 * or more than Mermaid draws.
 */
export function drawing(arrows: readonly Arrow[]): string | null {
  if (arrows.length === 0 || arrows.length > MOST_ARROWS) return null;
  const lines = arrows
    .map(({ from, to, isDotted }) => `  ${node(from)} ${isDotted ? "-.->" : "-->"} ${node(to)}`)
    .toSorted(byCodeUnit);
  const text = ["```mermaid", "flowchart LR", ...lines, "```"].join("\n");
  return text.length > LONGEST ? null : text;
}

/** What Mermaid draws unless a page allows more: `maxEdges` and `maxTextSize`. */
const MOST_ARROWS = 500;
const LONGEST = 50_000;

/** A kind in a drawing. Of a name that means something to Mermaid itself, only the label is the name. */
function node(kind: string): string {
  return WORDS.has(kind) ? `kind.${kind}["${kind}"]` : kind;
}

/** What may be the name of a kind, and is a word of Mermaid's. */
const WORDS: ReadonlySet<string> = new Set(
  "_blank _parent _self _top call classDef click end flowchart graph href interpolate linkStyle style subgraph".split(
    " ",
  ),
);

/** Arrows without those that follow from two others, where "from A to B and from B to C" means "from A to C". */
export function withoutDetours(arrows: readonly Arrow[]): readonly Arrow[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of arrows) next.set(from, (next.get(from) ?? new Set()).add(to));
  return arrows.filter(
    ({ from, to }) => ![...(next.get(from) ?? [])].some((between) => next.get(between)?.has(to)),
  );
}
