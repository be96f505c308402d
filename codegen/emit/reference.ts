import { rightsSaid, wholeNumber } from "../../src/text.js";
import type { CatalogueSpec, Deprecation, Kind, Parameter, Proof, Token } from "../model.js";
import { byCodeUnit } from "../order.js";
import { code, plain, table, text } from "./markdown.js";
import { type Arrow, drawing, withoutDetours } from "./mermaid.js";
import { exampleRows, renderName } from "./names.js";
import { overlapsByOwner } from "./readings.js";

/** `LOCKS.md`: the catalogue for people. */
export function reference(spec: CatalogueSpec, proof: Proof): string {
  const blocks = [
    `# ${plain(spec.name)}`,
    ...(spec.description === null ? [] : [text(spec.description)]),
    "## Locks",
    table(
      [
        "Lock",
        ...(hasDirectories(spec) ? ["Directory"] : []),
        "File name",
        "Parameters",
        "Busy",
        "Protects",
      ],
      spec.kinds.toSorted((a, b) => byCodeUnit(a.name, b.name)).map((kind) => kindRow(kind, spec)),
    ),
    ...parameterBlocks(spec),
    ...readingBlocks(proof),
    ...orderBlocks(spec),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function kindRow(kind: Kind, spec: CatalogueSpec): readonly string[] {
  const [row] = exampleRows(kind, spec);
  const example =
    row === undefined || kind.parameters.length === 0
      ? ""
      : `, for example ${code(renderName(kind, row))}`;
  const notes = [
    ...(kind.deprecated === null ? [] : [deprecated(kind.deprecated)]),
    text(kind.description),
    ...(kind.readable ? [] : ["Its names cannot be read back."]),
    ...(kind.rights === null ? [] : [`Created with ${rightsSaid(kind.rights, code)}.`]),
    ...(kind.shared ? ["Readers may share it."] : []),
    ...(kind.stamp === "pid" ? [] : ["Its holder writes nothing into the file."]),
  ];
  return [
    code(kind.name),
    ...(hasDirectories(spec) ? [directoryCell(kind)] : []),
    `${code(kind.template)}${example}`,
    kind.named
      ? code(`{ ${kind.parameters.join(", ")} }`)
      : kind.parameters.map(code).join(", ") || "–",
    busy(kind),
    notes.join(" "),
  ];
}

function deprecated({ since, use, note }: Deprecation): string {
  return [
    "**Deprecated:**",
    ...(since === null ? [] : [text(`since ${since}.`)]),
    ...(use === null ? [] : [`Use ${code(use)}.`]),
    ...(note === null ? [] : [text(note)]),
  ].join(" ");
}

function hasDirectories({ kinds }: CatalogueSpec): boolean {
  return kinds.some(({ directory }) => directory !== null);
}

function directoryCell({ directory }: Kind): string {
  if (directory === null) return "–";
  const place = code(directory.path);
  return directory.env === null ? place : `${place}, or as ${code(directory.env)} says`;
}

function busy(kind: Kind): string {
  const failure = kind.raiseIfFail ? "throws" : "returns `false`";
  return kind.wait ? `waits, ${failure} on failure` : failure;
}

function parameterBlocks(spec: CatalogueSpec): readonly string[] {
  const parameters = [...spec.parameters.values()].toSorted((a, b) => byCodeUnit(a.name, b.name));
  if (parameters.length === 0) return [];
  return [
    "## Parameters",
    table(["Parameter", "Values", "Examples", "Meaning"], parameters.map(parameterRow)),
    ...parameters.flatMap((parameter) => valueBlocks(parameter, spec)),
  ];
}

/** Of a parameter with a list of values, which files each of them stands for. */
function valueBlocks({ name, values }: Parameter, spec: CatalogueSpec): readonly string[] {
  if (values === null) return [];
  const kinds = spec.kinds.filter(({ parameters }) => parameters.includes(name));
  const rows = values.map((value) => {
    const part = (token: Token): string => {
      const literal = "literal" in token ? token.literal : token.parameter === name ? value : null;
      return literal?.replace(/[{}]/gu, "$&$&") ?? `{${"parameter" in token && token.parameter}}`;
    };
    return [code(value), kinds.map(({ tokens }) => code(tokens.map(part).join(""))).join(", ")];
  });
  return [`### ${code(name)}`, table(["Value", "File names"], rows)];
}

function parameterRow(parameter: Parameter): readonly string[] {
  const { name, examples, description } = parameter;
  return [
    code(name),
    valuesCell(parameter),
    examples.map(code).join(", "),
    description === null ? "–" : text(description),
  ];
}

function valuesCell({ pattern, values, range }: Parameter): string {
  if (range !== null) return wholeNumber(range);
  if (values !== null) return `one of ${values.map(code).join(", ")}`;
  return pattern === null ? "any character of a file name" : code(pattern);
}

function readingBlocks(proof: Proof): readonly string[] {
  const overlaps = overlapsByOwner(proof);
  const items = proof.readingOrder.map((name) => {
    const reasons = (overlaps.get(name) ?? []).map(({ other, witness, reason }) => {
      const why = reason === "precedes" ? ", as the spec says" : "";
      return `   - before ${code(other)}, which also reads ${code(witness)}${why}`;
    });
    // Every item is "1.", which Markdown counts on from: a new kind renumbers no other line.
    return [`1. ${code(name)}`, ...reasons].join("\n");
  });
  if (items.length === 0) return [];
  const inside = proof.overlaps.filter(({ reason }) => reason === "contained");
  const settled = proof.overlaps.filter(({ reason }) => reason === "precedes");
  const arrows = [
    ...withoutDetours(inside.map(({ owner, other }) => ({ from: owner, to: other }))),
    ...settled.map(({ owner, other }) => ({ from: owner, to: other, isDotted: true })),
  ];
  const legend = [
    "An arrow leads from a kind to a wider one, which accepts all its names.",
    ...(settled.length === 0 ? [] : ["A dotted arrow leads to a kind that accepts some of them."]),
  ];
  return [
    "## Reading order",
    "A file name belongs to the first of these that reads it.",
    items.join("\n"),
    ...drawn(arrows, legend.join(" ")),
  ];
}

/** A drawing with what it means; nothing if there is nothing to draw. */
function drawn(arrows: readonly Arrow[], legend: string): readonly string[] {
  const text = drawing(arrows);
  return text === null ? [] : [legend, text];
}

/** In which order locks are taken: a drawing, and a row for each kind that has a part in it. */
function orderBlocks({ kinds }: CatalogueSpec): readonly string[] {
  const arrows = kinds.flatMap(({ name, before }) =>
    before.map((later) => ({ from: name, to: later.name })),
  );
  if (arrows.length === 0) return [];
  const parts = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const rows = kinds
    .filter(({ name }) => parts.has(name))
    .toSorted((a, b) => Number(a.rank) - Number(b.rank) || byCodeUnit(a.name, b.name))
    .map(({ name, rank, before }) => [
      code(name),
      String(rank),
      before.map((later) => code(later.name)).join(", ") || "–",
    ]);
  return [
    "## Order of locks",
    ...drawn(arrows, "A program that holds several of these locks takes them along the arrows."),
    "A lock of a lower rank is taken first; locks of kinds that are not listed are of rank 0. At one rank, the name of the kind decides, and then that of the file.",
    table(["Lock", "Rank", "Taken before"], rows),
  ];
}
