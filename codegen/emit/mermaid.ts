import { byCodeUnit } from "../order.js";

/** Arrows between kinds as a drawing in Markdown, which GitHub and GitLab show as a picture. */
export function drawing(arrows: readonly (readonly [from: string, to: string])[]): string {
  const lines = arrows.map(([from, to]) => `${node(from)} --> ${node(to)}`).toSorted(byCodeUnit);
  return ["```mermaid", "flowchart LR", ...lines.map((line) => `  ${line}`), "```"].join("\n");
}

/** A kind in a drawing. Of a name that means something to Mermaid itself, only the label is the name. */
function node(kind: string): string {
  return WORDS.has(kind) ? `kind.${kind}["${kind}"]` : kind;
}

/** What Mermaid 11 and 12 do not take for a node, of what may be the name of a kind. */
const WORDS: ReadonlySet<string> = new Set(
  "_blank _parent _self _top call classDef click end flowchart graph href interpolate linkStyle style subgraph".split(
    " ",
  ),
);
