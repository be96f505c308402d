import { inQuotes } from "../../src/text.js";
import type { Problem, Source } from "../model.js";
import { asData, type Location, locate, report } from "../report.js";
import { type Breaks, RULES, type Rule } from "../rules.js";
import type { Accepted, Sorted } from "./acceptance.js";
import type { Finding, Witness } from "./finding.js";

/** The two specs of a comparison. */
export interface Sources {
  readonly old: Source;
  readonly new: Source;
}

/** A finding as `breaking --format json` prints it. */
export interface FindingData extends Location {
  /** The rule that it breaks; names never change their meaning. */
  readonly rule: Rule;
  /** What goes wrong while old and new programs run side by side. */
  readonly breaks: Breaks;
  /** The kinds it is about, by their new names; a kind that is gone by its old one. */
  readonly kinds: readonly string[];
  /** The parameter it is about, by its new name; else `null`. */
  readonly parameter: string | null;
  /** What has changed, in a sentence. */
  readonly message: string;
  /** A file name that shows it; `null` if no file name has a part in it. */
  readonly witness: Witness | null;
  /** Where it was in the old spec, for what has no place in the new one; else `null`. */
  readonly was: Location | null;
}

/** Findings as data. */
export function findingsAsData(
  findings: readonly Finding[],
  sources: Sources,
): readonly FindingData[] {
  return findings.map(({ rule, kinds, parameter = null, message, witness, place, oldPlace }) => ({
    ...locate(sources.new, place),
    rule,
    breaks: RULES[rule][0],
    kinds,
    parameter,
    message,
    witness,
    was: oldPlace === null ? null : locate(sources.old, oldPlace),
  }));
}

/** A finding that the new spec accepts, as `breaking --format json` prints it. */
export interface AcceptedData extends FindingData {
  /** Why it breaks nothing, as the spec says. */
  readonly reason: string;
  /** The day on which that was said. */
  readonly date: string;
}

/** Accepted findings as data. */
export function acceptedAsData(
  accepted: readonly Accepted[],
  sources: Sources,
): readonly AcceptedData[] {
  return accepted.flatMap(({ finding, acceptance: { reason, date } }) =>
    findingsAsData([finding], sources).map((data) => ({ ...data, reason, date })),
  );
}

/** What was found as text for a terminal, in the manner of problems. */
export function sortedAsText({ open, accepted, unmatched }: Sorted, sources: Sources): string {
  return [
    ...open.map((finding) => asText(finding, [], sources)),
    ...accepted.map(({ finding, acceptance }) =>
      asText(
        { ...finding, message: `accepted: ${finding.message}` },
        [`  accepted on ${acceptance.date}: ${oneLine(acceptance.reason)}`],
        sources,
      ),
    ),
    ...unmatched.map((problem) => `${report([problem], sources.new)}\n`),
  ].join("");
}

function asText(finding: Finding, notes: readonly string[], sources: Sources): string {
  const { rule, kinds, message, witness, place, oldPlace } = finding;
  const text = lines(
    `${rule}: ${message}`,
    ...notes,
    ...about(kinds, message),
    ...witnessed(witness),
  );
  const was =
    oldPlace === null
      ? ""
      : report([{ place: oldPlace, message: "it was here" }], sources.old).replaceAll(
          /^(?=.)/gmu,
          "  ",
        );
  return `${report([{ place, message: text }], sources.new)}${was}\n`;
}

/** The path that an annotation names for a file; `null` if the file has none in the repository. */
type Shown = (file: string) => string | null;

/** What was found as workflow commands, which GitHub shows next to the lines of a pull request. */
export function sortedAsCommands(
  { open, accepted, unmatched }: Sorted,
  sources: Sources,
  toShow: Shown,
): string {
  const shown = (
    level: Level,
    { rule, kinds, message, witness, place }: Finding,
    title: string,
    notes: readonly string[],
  ) =>
    command(
      level,
      locate(sources.new, place),
      toShow,
      `${rule} (${title})`,
      lines(message, ...notes, ...about(kinds, message), ...witnessed(witness)),
    );
  return [
    ...open.map((finding) => shown("error", finding, `breaks ${RULES[finding.rule][0]}`, [])),
    ...accepted.map(({ finding, acceptance: { reason, date } }) =>
      shown("notice", finding, `accepted on ${date}`, [`  ${oneLine(reason)}`]),
    ),
    ...asData(unmatched, sources.new).map((problem) =>
      command("warning", problem, toShow, "lock-catalogue", problem.message),
    ),
  ].join("");
}

/** Problems as workflow commands. */
export function problemsAsCommands(
  problems: readonly Problem[],
  source: Source,
  toShow: Shown,
): string {
  return asData(problems, source)
    .map((problem) => command("error", problem, toShow, "lock-catalogue", problem.message))
    .join("");
}

/** A note as a workflow command. */
export function noteAsCommand(note: string): string {
  return `::notice title=lock-catalogue::${data(note)}\n`;
}

function witnessed(witness: Witness | null): readonly string[] {
  if (witness === null) return [];
  return [
    `  for example ${inQuotes(witness.name)}`,
    `    the old program ${witness.old}`,
    `    the new program ${witness.new}`,
  ];
}

/** The kinds, if the message does not name them. */
function about(kinds: readonly string[], message: string): readonly string[] {
  return kinds.every((kind) => message.includes(kind)) ? [] : [`  in ${kinds.join(", ")}`];
}

type Level = "error" | "warning" | "notice";

function command(
  level: Level,
  { file, line, column }: Location,
  toShow: Shown,
  title: string,
  message: string,
): string {
  const shown = toShow(file);
  const place = shown === null ? {} : { file: shown, line: String(line), col: String(column) };
  const list = Object.entries({ ...place, title }).map(
    ([key, value]) => `${key}=${property(value)}`,
  );
  const name = file === "-" ? "standard input" : file;
  const text = shown === null ? `${name}:${line}:${column}: ${message}` : message;
  return `::${level} ${list.join(",")}::${data(text)}\n`;
}

/** Escapes as the runner reads them back. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Prose on one line. */
function oneLine(prose: string): string {
  return prose.trim().replaceAll(/\s+/gu, " ");
}

function lines(...text: readonly string[]): string {
  return text.join("\n");
}
