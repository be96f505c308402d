import { existsSync } from "node:fs";
import path from "node:path";
import { visible } from "../../src/text.js";
import {
  type Format,
  printer,
  problemResults,
  type Result,
  type Rules,
  SPEC_RULES,
  TOOL,
} from "../formats/index.js";
import { load } from "../load.js";
import type { Problem, Source } from "../model.js";
import { asData, type ProblemData, report } from "../report.js";
import { readSource, type SpecOptions } from "../spec/source.js";
import { sortOut } from "./acceptance.js";
import { compare } from "./compare.js";
import {
  type AcceptedData,
  acceptedAsData,
  BREAKING_RULES,
  type FindingData,
  findingsAsData,
  type Sources,
  sortedAsResults,
  sortedAsText,
} from "./render.js";

export { CannotRun } from "../cannot-run.js";
/** What each rule is about: what breaks, and when. */
export { RULES } from "../rules.js";

/** Which specs to compare. */
export interface BreakingOptions extends SpecOptions {
  /** The old spec: a file, relative to `cwd`, or its text and the name to report it under. */
  readonly against: string | Source;
  /**
   * Whether an old spec that is not there, is empty or has problems is a note instead of a problem: no program was
   * generated from it, so that nothing can break. Default: false.
   */
  readonly allowMissing?: boolean;
}

/** What `breaking` found. With problems in one of the specs, they were not compared. */
export interface BreakingOutcome {
  /** What is wrong with either spec, the old one's first. */
  readonly problems: readonly Problem[];
  /** What a rolling deployment cannot live with and nobody has accepted, in the order of the new spec. */
  readonly findings: readonly FindingData[];
  /** Findings that the new spec accepts. */
  readonly accepted: readonly AcceptedData[];
  /** Why there was nothing to compare with, as `allowMissing` allows; else `null`. */
  readonly note: string | null;
  /** The problems or the findings, for a terminal; empty if there are none. */
  readonly text: string;
  /**
   * The same as a document for other tools: JSON of `data`, workflow commands of GitHub, SARIF 2.1.0, or Markdown for a
   * comment or a summary.
   */
  readonly print: (format: Format) => string;
  /** The same as data. */
  readonly data: {
    /** The new spec, as it was given. */
    readonly spec: string;
    /** The old spec, as it was given. */
    readonly against: string;
    /** Why there was nothing to compare with; else `null`. */
    readonly note: string | null;
    /** What is wrong with either spec, with its place. */
    readonly problems: readonly ProblemData[];
    /** What breaks, with its place. */
    readonly findings: readonly FindingData[];
    /** Findings that the new spec accepts. */
    readonly accepted: readonly AcceptedData[];
    /** Acceptances of what is no longer found. */
    readonly unmatched: readonly ProblemData[];
  };
}

/**
 * Compares a spec with an older one, as a rolling deployment sees them: while programs with either
 * run side by side, do they still exclude each other, and agree on what a lock file is?
 *
 * @throws CannotRun if a spec cannot be read.
 */
export function breaking({
  spec: file = "locks.yaml",
  cwd = process.cwd(),
  against,
  allowMissing = false,
}: BreakingOptions): BreakingOutcome {
  const isMissing =
    allowMissing && typeof against === "string" && !existsSync(path.resolve(cwd, against));
  const sources: Sources = {
    old: isMissing
      ? { file: against, text: "" }
      : typeof against === "string"
        ? readSource(against, cwd)
        : against,
    new: readSource(file, cwd),
  };
  const before = load(sources.old);
  const after = load(sources.new);
  const note = allowMissing && before.spec === null ? noteOf(sources.old, before.problems) : null;
  const names = { spec: sources.new.file, against: sources.old.file, note };
  const notes = note === null ? [] : [noteResult(note)];
  if (before.spec === null || after.spec === null) {
    const faulty = [
      { source: sources.old, problems: note === null ? before.problems : [] },
      { source: sources.new, problems: after.problems },
    ].filter(({ problems }) => problems.length > 0);
    const problems = faulty.flatMap((one) => one.problems);
    const data = {
      ...names,
      problems: faulty.flatMap((one) => asData(one.problems, one.source)),
      findings: [],
      accepted: [],
      unmatched: [],
    };
    const texts = faulty.map((one) => report(one.problems, one.source));
    return {
      problems,
      findings: [],
      accepted: [],
      note,
      text: texts.join("\n"),
      data,
      print: printer({
        command: "breaking",
        rules: ALL_RULES,
        results: [...notes, ...faulty.flatMap((one) => problemResults(one.problems, one.source))],
        isComplete: faulty.length === 0,
        cwd,
        title: faulty.length === 0 ? String(note) : `${nameOf(faulty)}: nothing was compared`,
        details: texts.map((text) => ({ summary: "Problems", language: "text", text })),
        data,
      }),
    };
  }
  const sorted = sortOut(compare(before, after), after.spec.acceptances);
  const findings = findingsAsData(sorted.open, sources);
  const accepted = acceptedAsData(sorted.accepted, sources);
  const unmatched = asData(sorted.unmatched, sources.new);
  const data = { ...names, problems: [], findings, accepted, unmatched };
  const text = sortedAsText(sorted, sources);
  return {
    problems: [],
    findings,
    accepted,
    note,
    text,
    data,
    print: printer({
      command: "breaking",
      rules: ALL_RULES,
      results: sortedAsResults(sorted, sources),
      isComplete: true,
      cwd,
      title: titleOf(findings.length, accepted.length, shownName(sources.old)),
      details: text === "" ? [] : [{ summary: "Details", language: "text", text }],
      data,
    }),
  };
}

function titleOf(count: number, accepted: number, against: string): string {
  const found =
    count === 0 ? "nothing breaking" : `${count} breaking change${count === 1 ? "" : "s"}`;
  return `${found} against ${against}${accepted === 0 ? "" : `, and ${accepted} accepted`}`;
}

const ALL_RULES: Rules = {
  ...BREAKING_RULES,
  ...SPEC_RULES,
  "nothing-to-compare": {
    level: "note",
    about: "there is no old spec that code was generated from",
  },
};

function noteResult(note: string): Result {
  const rule = "nothing-to-compare";
  return { rule, level: "note", message: note, at: null, related: [], title: TOOL, properties: {} };
}

function nameOf(faulty: readonly { readonly source: Source }[]): string {
  const names = faulty.map(({ source }) => shownName(source)).join(" and ");
  return `${names} ${faulty.length === 1 ? "has" : "have"} problems`;
}

function shownName({ file }: Source): string {
  return file === "-" ? "standard input" : visible(file);
}

function noteOf(source: Source, problems: readonly Problem[]): string {
  const name = shownName(source);
  const [first] = asData(problems, source);
  const why =
    source.text.trim() === "" || first === undefined
      ? `there is no old spec in ${name}`
      : `the old spec in ${name} has problems (line ${first.line}: ${first.message.split("\n", 1)[0]})`;
  return `nothing to compare with: ${why}`;
}
