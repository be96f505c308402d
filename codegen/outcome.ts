import { visible } from "../src/text.js";
import {
  type Detail,
  type Format,
  printer,
  problemResults,
  type Result,
  type Rules,
  SPEC_RULES,
  TOOL,
} from "./formats/index.js";
import type { Problem, Source } from "./model.js";
import type { FileState } from "./output/plan.js";
import { asData, type ProblemData, report } from "./report.js";

/** A file of the output, and how it differs from what the spec says. */
export interface FileResult {
  /** The path, relative to `cwd`. */
  readonly path: string;
  /** `missing`; `stale`: not what it should be; `orphaned`: no longer of this spec; or `fresh`: as it should be. */
  readonly state: FileState["state"];
  /** A unified diff from what is there to what should be; empty for a fresh file. */
  readonly diff: string;
}

/** What `generate` or `check` found. With problems, no file was looked at. */
export interface GenerateOutcome {
  /** The spec's path, as given. */
  readonly spec: string;
  /** What is wrong with the spec. */
  readonly problems: readonly Problem[];
  /** What is as it should be, and may surprise: locks that exclude each other only on some file systems. */
  readonly warnings: readonly Problem[];
  /** The problems and warnings as text for a terminal; empty if there are none. */
  readonly report: string;
  /** Every generated file, by name. */
  readonly files: readonly FileResult[];
  /** The same as data. */
  readonly data: {
    /** The spec, as it was given. */
    readonly spec: string;
    /** What is wrong with it, with its place. */
    readonly problems: readonly ProblemData[];
    /** What may surprise, likewise. */
    readonly warnings: readonly ProblemData[];
    /** Every generated file. */
    readonly files: readonly FileResult[];
  };
  /**
   * The same as a document for other tools: JSON of `data`, workflow commands of GitHub, SARIF 2.1.0, or Markdown for a
   * comment or a summary. Files that differ are findings of `check` alone.
   */
  readonly print: (format: Format) => string;
}

/** What is known when `generate` or `check` has done its work. */
type Found = Pick<GenerateOutcome, "problems" | "warnings" | "files">;

/** What `generate` or `check` found, in every form in which it is told. */
export function outcomeOf(
  command: "generate" | "check",
  source: Source,
  cwd: string,
  { problems, warnings, files }: Found,
): GenerateOutcome {
  const text = report([...problems, ...warnings], source);
  const data = {
    spec: source.file,
    problems: asData(problems, source),
    warnings: asData(warnings, source),
    files,
  };
  const different = files.filter(({ state }) => state !== "fresh");
  const print = printer({
    command,
    rules: command === "check" ? { ...SPEC_RULES, ...FILE_RULES } : SPEC_RULES,
    results: [
      ...problemResults(problems, source),
      ...problemResults(warnings, source, "same-file-if-folded"),
      ...(command === "check" ? different.map((file) => fileResult(file, source.file)) : []),
    ],
    isComplete: true,
    cwd,
    title: titleOf(command, visible(source.file), problems.length, files),
    details: detailsOf(text, different),
    data,
  });
  return { spec: source.file, problems, warnings, report: text, files, data, print };
}

type FileRule = `${Exclude<FileState["state"], "fresh">}-file`;

const FILE_RULES: Rules<FileRule> = {
  "missing-file": { level: "error", about: "a generated file is not there" },
  "stale-file": { level: "error", about: "a generated file is not what the spec says" },
  "orphaned-file": { level: "error", about: "a generated file is no longer of the spec" },
};

/** Neither has a place of its own in its file. */
const FIRST_LINE = { line: 1, column: 1, endLine: 1, endColumn: 1 };

function fileResult({ path: file, state }: FileResult, spec: string): Result {
  const rule = `${state}-file` as FileRule;
  const shown = visible(file);
  const messages: Readonly<Record<FileRule, string>> = {
    "missing-file": `${shown} is missing, which ${visible(spec)} generates`,
    "stale-file": `${shown} is not what ${visible(spec)} generates`,
    "orphaned-file": `${shown} is no longer generated from ${visible(spec)}`,
  };
  const message = `${messages[rule]}: run npx lock-catalogue generate`;
  const at = { file, ...FIRST_LINE };
  return { rule, level: "error", message, at, related: [], title: TOOL, properties: {} };
}

function titleOf(
  command: "generate" | "check",
  spec: string,
  problems: number,
  files: readonly FileResult[],
): string {
  if (problems > 0) return `${spec} has ${problems} problem${problems === 1 ? "" : "s"}`;
  const count = files.filter(({ state }) => state !== "fresh").length;
  if (command === "generate") return `${count} of ${files.length} files of ${spec} have changed`;
  return count === 0
    ? `${files.length} files are up to date with ${spec}`
    : `${count} of ${files.length} files are not up to date with ${spec}`;
}

function detailsOf(text: string, different: readonly FileResult[]): Detail[] {
  return [
    ...(text === "" ? [] : [{ summary: "Problems and warnings", language: "text", text } as const]),
    ...different.map(({ path: file, state, diff }) => {
      return { summary: `${state}: ${visible(file)}`, language: "diff", text: diff } as const;
    }),
  ];
}
