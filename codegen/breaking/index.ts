import { existsSync } from "node:fs";
import path from "node:path";
import { visible } from "../../src/text.js";
import { load } from "../load.js";
import type { Problem, Source } from "../model.js";
import { asData, type ProblemData, report } from "../report.js";
import { readSource, type SpecOptions } from "../spec/source.js";
import { sortOut } from "./acceptance.js";
import { compare } from "./compare.js";
import {
  type AcceptedData,
  acceptedAsData,
  type FindingData,
  findingsAsData,
  noteAsCommand,
  problemsAsCommands,
  type Sources,
  sortedAsCommands,
  sortedAsText,
} from "./render.js";

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
  /** The same as workflow commands of GitHub. */
  readonly commands: string;
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
  const toShow = (one: string) => inRepository(one, cwd);
  if (before.spec === null || after.spec === null) {
    const faulty = [
      { source: sources.old, problems: note === null ? before.problems : [] },
      { source: sources.new, problems: after.problems },
    ];
    const data = faulty.flatMap(({ source, problems }) => asData(problems, source));
    return {
      problems: faulty.flatMap(({ problems }) => problems),
      findings: [],
      accepted: [],
      note,
      text: faulty
        .filter(({ problems }) => problems.length > 0)
        .map(({ source, problems }) => report(problems, source))
        .join("\n"),
      commands:
        (note === null ? "" : noteAsCommand(note)) +
        faulty.map(({ source, problems }) => problemsAsCommands(problems, source, toShow)).join(""),
      data: { ...names, problems: data, findings: [], accepted: [], unmatched: [] },
    };
  }
  const sorted = sortOut(compare(before, after), after.spec.acceptances);
  const findings = findingsAsData(sorted.open, sources);
  const accepted = acceptedAsData(sorted.accepted, sources);
  const unmatched = asData(sorted.unmatched, sources.new);
  return {
    problems: [],
    findings,
    accepted,
    note,
    text: sortedAsText(sorted, sources),
    commands: sortedAsCommands(sorted, sources, toShow),
    data: { ...names, problems: [], findings, accepted, unmatched },
  };
}

function noteOf(source: Source, problems: readonly Problem[]): string {
  const name = source.file === "-" ? "standard input" : visible(source.file);
  const [first] = asData(problems, source);
  const why =
    source.text.trim() === "" || first === undefined
      ? `there is no old spec in ${name}`
      : `the old spec in ${name} has problems (line ${first.line}: ${first.message.split("\n", 1)[0]})`;
  return `nothing to compare with: ${why}`;
}

/**
 * A file as annotations of a repository name it: from its root, wherever in it the command runs; `null` for a file
 * outside and for standard input, which have no place there.
 */
function inRepository(file: string, cwd: string): string | null {
  if (file === "-") return null;
  const whole = path.resolve(cwd, file);
  let root = path.dirname(whole);
  // A work tree of its own has a file of that name.
  while (!existsSync(path.join(root, ".git"))) {
    const parent = path.dirname(root);
    if (parent === root) {
      root = path.resolve(process.env["GITHUB_WORKSPACE"] ?? cwd);
      break;
    }
    root = parent;
  }
  const relative = path.relative(root, whole);
  return relative.startsWith("..") || path.isAbsolute(relative) ? null : relative;
}
