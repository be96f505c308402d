import { load } from "../load.js";
import type { Problem, Source } from "../model.js";
import { asData, type ProblemData, report } from "../report.js";
import { readSource, type SpecOptions } from "../spec/source.js";
import { compare } from "./compare.js";
import {
  type FindingData,
  findingsAsCommands,
  findingsAsData,
  findingsAsText,
  problemsAsCommands,
  type Sources,
} from "./render.js";

/** Which specs to compare. */
export interface BreakingOptions extends SpecOptions {
  /** The old spec: a file, relative to `cwd`, or its text and the name to report it under. */
  readonly against: string | Source;
}

/** What `breaking` found. With problems in one of the specs, they were not compared. */
export interface BreakingOutcome {
  /** What is wrong with either spec, the old one's first. */
  readonly problems: readonly Problem[];
  /** What a rolling deployment cannot live with, in the order of the new spec. */
  readonly findings: readonly FindingData[];
  /** The problems or the findings, for a terminal; empty if there are none. */
  readonly text: string;
  /** The same as workflow commands of GitHub. */
  readonly commands: string;
  /** The same as data. */
  readonly data: {
    /** The new spec, as it was given. */
    readonly spec: string;
    /** The old spec, as it was given. */
    readonly against: string;
    /** What is wrong with either spec, with its place. */
    readonly problems: readonly ProblemData[];
    /** What breaks, with its place. */
    readonly findings: readonly FindingData[];
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
}: BreakingOptions): BreakingOutcome {
  const sources: Sources = {
    old: typeof against === "string" ? readSource(against, cwd) : against,
    new: readSource(file, cwd),
  };
  const names = { spec: sources.new.file, against: sources.old.file };
  const before = load(sources.old);
  const after = load(sources.new);
  if (before.spec === null || after.spec === null) {
    const faulty = [
      { source: sources.old, problems: before.problems },
      { source: sources.new, problems: after.problems },
    ];
    const data = faulty.flatMap(({ source, problems }) => asData(problems, source));
    return {
      problems: [...before.problems, ...after.problems],
      findings: [],
      text: faulty
        .filter(({ problems }) => problems.length > 0)
        .map(({ source, problems }) => report(problems, source))
        .join("\n"),
      commands: faulty.map(({ source, problems }) => problemsAsCommands(problems, source)).join(""),
      data: { ...names, problems: data, findings: [] },
    };
  }
  const findings = compare(before, after);
  const data = findingsAsData(findings, sources);
  return {
    problems: [],
    findings: data,
    text: findingsAsText(findings, sources),
    commands: findingsAsCommands(findings, sources),
    data: { ...names, problems: [], findings: data },
  };
}
