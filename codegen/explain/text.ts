import wrapAnsi from "wrap-ansi";
import { inQuotes, visible, wholeNumber } from "../../src/text.js";
import { defined } from "../defined.js";
import { byCodeUnit } from "../order.js";
import { spoken } from "../prove/messages.js";
import { columns, widthOf } from "./columns.js";
import type { ExplainedKind, ExplainedOverlap, Explanation, Values } from "./explanation.js";

/**
 * A catalogue as text: a table of its kinds in reading order, then the names that several of them
 * accept. If a row has no room for the regex, the regex goes below the row.
 *
 * @param width Columns of the terminal; `Infinity` for a pipe, where each row is one line.
 */
export function explanationText(explanation: Explanation, width: number): string {
  const room = Math.max(LEAST_WIDTH, width);
  const { catalogue, description, kinds, parameters, overlaps } = explanation;
  const title = description === null ? catalogue : `${catalogue}: ${words(description)}`;
  const blocks = [wrapped(title, room), table(kinds, room)];
  const places = placeLines(kinds);
  if (places.length > 0) blocks.push(places.map((line) => wrapped(line, room)).join("\n"));
  const rights = rightsLines(kinds);
  if (rights.length > 0) blocks.push(rights.map((line) => wrapped(line, room)).join("\n"));
  const values = parameters.flatMap(({ parameter, values, range }) => {
    if (range !== null) return [`${parameter} is ${wholeNumber(range)}.`];
    return values === null ? [] : [`${parameter} is one of ${values.map(plainly).join(", ")}.`];
  });
  if (values.length > 0) blocks.push(values.map((line) => wrapped(line, room)).join("\n"));
  const readable = new Set(kinds.flatMap(({ kind, order }) => (order === null ? [] : [kind])));
  const groups = groupsOf(overlaps).map((one) => group(one, readable, room));
  if (groups.length === 0) blocks.push("No name is accepted by two locks.");
  else blocks.push(wrapped(OVERLAPS, room), ...groups);
  const order = kinds.filter(({ before }) => before.length > 0).toSorted(byRank);
  if (order.length > 0) {
    const lines = columns(
      order.map(({ kind, before }) => [kind, `before ${before.join(", ")}`]),
      room - 2,
    );
    blocks.push([wrapped(ORDER, room), ...lines.flat().map((line) => `  ${line}`)].join("\n"));
  }
  const beside = explanation.overlapsBeside.map(
    ({ owner, other, witness }) =>
      `${plainly(witness)} of ${owner}, and of ${other}, which is wider`,
  );
  if (beside.length > 0) {
    const lines = beside.map((line) => wrapped(line, room - 2).replaceAll(/^/gmu, "  "));
    blocks.push([wrapped(BESIDE, room), ...lines].join("\n"));
  }
  const folded = foldedLines(explanation);
  if (folded.length > 0) {
    const lines = folded.map((line) => wrapped(line, room - 2).replaceAll(/^/gmu, "  "));
    blocks.push([wrapped(FOLDED, room), ...lines].join("\n"));
  }
  return `${blocks.join("\n\n")}\n`;
}

/** Where the files are: a line for each directory. */
function placeLines(kinds: readonly ExplainedKind[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { kind, directory } of kinds) {
    if (directory === null) continue;
    const { path, env } = directory;
    const place = plainly(path) + (env === null ? "" : `, unless ${env} names another directory`);
    groups.set(place, [...(groups.get(place) ?? []), kind]);
  }
  return Array.from(groups, ([place, names]) => `In ${place}: ${names.join(", ")}.`);
}

/** What the files get when they are created: a line for all that get the same. */
function rightsLines(kinds: readonly ExplainedKind[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { kind, rights } of kinds) {
    if (rights === null) continue;
    const { mode, group } = rights;
    const said = `mode ${mode}${group === null ? "" : ` and group ${group}`}`;
    groups.set(said, [...(groups.get(said) ?? []), kind]);
  }
  return Array.from(groups, ([said, names]) => `Created with ${said}: ${names.join(", ")}.`);
}

/** Nothing can be laid out in less. */
const LEAST_WIDTH = 40;

function byRank(a: ExplainedKind, b: ExplainedKind): number {
  return Number(a.rank) - Number(b.rank) || byCodeUnit(a.kind, b.kind);
}

/** One kind is enough to say what holds for all. */
function foldedLines({ kinds, foldings }: Explanation): string[] {
  const own = kinds.find(({ foldedNames }) => foldedNames !== null);
  return [
    ...(own?.foldedNames ? [`${own.foldedNames.map(plainly).join(" and ")} of ${own.kind}`] : []),
    ...foldings.map(
      ({ first, second, names: [one, other] }) =>
        `${plainly(one)} of ${first} and ${plainly(other)} of ${second}, two kinds`,
    ),
  ];
}

const FOLDED =
  "Where a file system ignores case or normal form (macOS, Windows, exFAT), these are one file, such as:";
const ORDER = "Where a program holds several locks, it takes:";
const BESIDE = "Names shared with catalogues beside this one, such as:";
const OVERLAPS = "Names that several locks accept, each with its owner first:";
const HEAD = ["#", "Lock", "File name", "Waits"] as const;

function table(kinds: readonly ExplainedKind[], width: number): string {
  const rows = kinds.map((kind) => [
    kind.order === null ? "–" : String(kind.order),
    nameOf(kind),
    plainly(kind.template),
    kind.wait ? "yes" : "no",
  ]);
  const wide = columns([
    [...HEAD, "Regex"],
    ...rows.map((row, at) => [...row, regexOf(kinds[at])]),
  ]);
  if (widthOf(wide.flat()) <= width) return wide.flat().join("\n");
  const [head = [], ...narrow] = columns([HEAD, ...rows], width);
  const indentation = " ".repeat(INDENTATION);
  const below = kinds.map((kind) =>
    wrapped(regexOf(kind), width - INDENTATION).replaceAll(/^/gmu, indentation),
  );
  return [...head, ...narrow.flatMap((lines, at) => [...lines, defined(below[at])])].join("\n");
}

const INDENTATION = 4;

function nameOf({ kind, deprecated, successor, named, shared, stamp }: ExplainedKind): string {
  const notes = [
    ...(deprecated === null
      ? []
      : [successor === null ? "deprecated" : `deprecated: use ${successor}`]),
    ...(named ? ["values by name"] : []),
    ...(shared ? ["shared by readers"] : []),
    ...(stamp === "pid" ? [] : ["writes nothing"]),
  ];
  return notes.length === 0 ? kind : `${kind} (${notes.join(", ")})`;
}

function regexOf(kind: ExplainedKind | undefined): string {
  return kind?.regex ?? "never read back (readable: false)";
}

/** The overlaps that one name shows, all with the same owner. */
function groupsOf(overlaps: readonly ExplainedOverlap[]): readonly (readonly ExplainedOverlap[])[] {
  const groups = new Map<string, ExplainedOverlap[]>();
  for (const overlap of overlaps) {
    const key = `${overlap.owner}\0${overlap.witness}`;
    groups.set(key, [...(groups.get(key) ?? []), overlap]);
  }
  return [...groups.values()];
}

function group(
  overlaps: readonly ExplainedOverlap[],
  readable: ReadonlySet<string>,
  width: number,
): string {
  const first = defined(overlaps[0]);
  const rows = [
    [first.owner, how(readable.has(first.owner) ? "reads" : "makes", first.ownerValues)],
    ...overlaps.map(({ other, otherValues, reason }) => {
      const rank = reason === "contained" ? "wider" : "preceded";
      const verb = readable.has(other) ? "would read" : "makes";
      return [other, `${rank}: ${how(verb, otherValues)}`];
    }),
  ];
  const lines = columns(rows, width - INDENTATION).flat();
  const name = wrapped(plainly(first.witness), width - 2).replaceAll(/^/gmu, "  ");
  return [name, ...lines.map((line) => " ".repeat(INDENTATION) + line)].join("\n");
}

function how(verb: string, values: Values): string {
  const shown = spoken(new Map(Object.entries(values)));
  return shown === "" ? `${verb} it as it stands` : `${verb} it with ${shown}`;
}

function wrapped(text: string, width: number): string {
  return width === Number.POSITIVE_INFINITY ? text : wrapAnsi(text, width, { hard: true });
}

/** Text as it stands if a reader sees all of it, else in quotes. */
function plainly(text: string): string {
  const isPlain = visible(text) === text && !/^["']|^ | $| {2}/u.test(text);
  return isPlain ? text : inQuotes(text);
}

/** Prose on one line. */
function words(prose: string): string {
  return plainly(prose.trim().split(/\s+/u).join(" "));
}
