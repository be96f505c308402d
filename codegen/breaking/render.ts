import { inQuotes } from "../../src/text.js";
import { problemResults, type Result, type Rules } from "../formats/index.js";
import type { Source } from "../model.js";
import { type Location, locate, regionOf, report } from "../report.js";
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

/** What the rules are about. */
export const BREAKING_RULES: Rules = Object.fromEntries(
  Object.entries(RULES).map(([rule, [breaks, when]]) => [
    rule,
    { level: "error", about: `${when} (breaks ${breaks})` },
  ]),
);

/** What was found as results. */
export function sortedAsResults({ open, accepted, unmatched }: Sorted, sources: Sources): Result[] {
  return [
    ...open.map((finding) => asResult(finding, sources)),
    ...accepted.map(({ finding, acceptance: { reason, date } }): Result => {
      const message = lines(finding.message, `  ${oneLine(reason)}`);
      return {
        ...asResult({ ...finding, message }, sources),
        level: "note",
        title: `${finding.rule} (accepted on ${date})`,
        accepted: `${oneLine(reason)} (${date})`,
      };
    }),
    ...problemResults(unmatched, sources.new, "unmatched-acceptance"),
  ];
}

function asResult(finding: Finding, sources: Sources): Result {
  const { rule, kinds, message, witness, place, oldPlace } = finding;
  return {
    rule,
    level: "error",
    message: lines(message, ...about(kinds, message), ...witnessed(witness)),
    at: regionOf(sources.new, place),
    related:
      oldPlace === null ? [] : [{ message: "it was here", at: regionOf(sources.old, oldPlace) }],
    title: `${rule} (breaks ${RULES[rule][0]})`,
    properties: { breaks: RULES[rule][0], kinds, witness },
  };
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

/** Prose on one line. */
function oneLine(prose: string): string {
  return prose.trim().replaceAll(/\s+/gu, " ");
}

function lines(...text: readonly string[]): string {
  return text.join("\n");
}
