import { inQuotes } from "../../src/text.js";
import type { Problem, Source } from "../model.js";
import { asData, type Location, locate, report } from "../report.js";
import type { Finding, Witness } from "./finding.js";
import { type Breaks, RULES, type Rule } from "./rules.js";

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
  return findings.map(({ rule, kinds, message, witness, place, oldPlace }) => ({
    ...locate(sources.new, place),
    rule,
    breaks: RULES[rule][0],
    kinds,
    message,
    witness,
    was: oldPlace === null ? null : locate(sources.old, oldPlace),
  }));
}

/** Findings as text for a terminal, in the manner of problems. */
export function findingsAsText(findings: readonly Finding[], sources: Sources): string {
  const parts = findings.map(({ rule, kinds, message, witness, place, oldPlace }) => {
    const text = lines(`${rule}: ${message}`, ...about(kinds, message), ...witnessed(witness));
    const was =
      oldPlace === null
        ? ""
        : report([{ place: oldPlace, message: "it was here" }], sources.old).replaceAll(
            /^(?=.)/gmu,
            "  ",
          );
    return report([{ place, message: text }], sources.new) + was;
  });
  return parts.map((text) => `${text}\n`).join("");
}

/** The path that an annotation names for a file; `null` if the file has none in the repository. */
type Shown = (file: string) => string | null;

/** Findings as workflow commands, which GitHub shows next to the lines of a pull request. */
export function findingsAsCommands(
  findings: readonly Finding[],
  sources: Sources,
  toShow: Shown,
): string {
  return findings
    .map(({ rule, kinds, message, witness, place }) =>
      command(
        locate(sources.new, place),
        toShow,
        `${rule} (breaks ${RULES[rule][0]})`,
        lines(message, ...about(kinds, message), ...witnessed(witness)),
      ),
    )
    .join("");
}

/** Problems as workflow commands. */
export function problemsAsCommands(
  problems: readonly Problem[],
  source: Source,
  toShow: Shown,
): string {
  return asData(problems, source)
    .map((problem) => command(problem, toShow, "lock-catalogue", problem.message))
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

function command(
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
  return `::error ${list.join(",")}::${data(text)}\n`;
}

/** Escapes as the runner reads them back. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function lines(...text: readonly string[]): string {
  return text.join("\n");
}
