import type { Command } from "commander";
import type * as Generator from "../../../codegen/index.js";
import { EXIT } from "../exit.js";
import { addFormatOption, withPart } from "../generator.js";

/** Declares `generate`, which turns a spec into code. */
export function addGenerateCommand(program: Command): void {
  const generate = program
    .command("generate")
    .summary("write the classes, index, tests and reference of a catalogue")
    .description(
      "Writes the classes, the index, the tests and the reference of the catalogue that a spec declares.\n" +
        "Files that would not change are not touched; nothing is written while the spec has a problem.",
    )
    .argument("[spec]", "the spec", "locks.yaml")
    .option("--watch", "generate again after each change of the spec, until Ctrl-C");
  addFormatOption(generate)
    .addHelpText("after", help("lock-catalogue generate locks.yaml", "the spec has problems"))
    .action(async (spec: string, { watch = false, format }: GenerateOptions) => {
      if (watch && format !== "text") {
        generate.error(`error: --watch cannot be used with --format ${format}`);
      }
      const once = () => run("generate", spec, format);
      if (!watch) return once();
      const { whenChanged } = await import("../watch-file.js");
      const { endWith } = await import("../signals.js");
      const ending = await whenChanged(spec, once, () => {
        process.stdout.write(`\n${new Date().toLocaleTimeString("sv-SE")} ${spec} changed:\n`);
      });
      endWith(ending);
    });
}

/** Declares `check`, which compares what it would write with what is there. */
export function addCheckCommand(program: Command): void {
  const check = program
    .command("check")
    .summary("compare the generated files with the spec, and write nothing")
    .description(
      "Compares the generated files with what the spec says, shows each difference as a unified diff,\n" +
        "and writes nothing. Line endings do not matter.",
    )
    .argument("[spec]", "the spec", "locks.yaml");
  addFormatOption(check)
    .addHelpText("after", help("lock-catalogue check", "a file differs, or the spec has problems"))
    .action((spec: string, { format }: FormatOptions) => run("check", spec, format));
}

interface FormatOptions {
  readonly format: "text" | Generator.Format;
}

interface GenerateOptions extends FormatOptions {
  readonly watch?: boolean;
}

function help(example: string, one: string): string {
  return `
Example:
  $ npx ${example}

Exit codes:
  ${EXIT.fine}  fine
  ${EXIT.different}  ${one}
  ${EXIT.couldNotRun}  could not run: no such spec, not readable, not writable, wrong usage`;
}

async function run(
  command: "generate" | "check",
  spec: string,
  format: FormatOptions["format"],
): Promise<void> {
  const outcome = await withPart("lock-catalogue/codegen", (generator) =>
    generator[command]({ spec }),
  );
  if (outcome === null) return;
  const hasDifferences = outcome.files.some(({ state }) => state !== "fresh");
  const isFine = outcome.problems.length === 0 && (command === "generate" || !hasDifferences);
  process.exitCode = isFine ? EXIT.fine : EXIT.different;
  if (format !== "text") process.stdout.write(outcome.print(format));
  else printText(outcome, command === "generate" ? printWritten : printDifferences);
}

function printText(
  outcome: Generator.GenerateOutcome,
  print: (outcome: Generator.GenerateOutcome) => void,
): void {
  const { report, problems, spec } = outcome;
  if (report !== "") process.stderr.write(`${report}\n`);
  if (problems.length === 0) print(outcome);
  else {
    const plural = problems.length === 1 ? "" : "s";
    process.stderr.write(`${spec} has ${problems.length} problem${plural}.\n`);
  }
}

function printWritten({ files }: Generator.GenerateOutcome): void {
  const verbs = {
    missing: "created",
    stale: "updated",
    orphaned: "deleted",
    fresh: "unchanged",
  } as const;
  const counts = { created: 0, updated: 0, deleted: 0, unchanged: 0 };
  const lines: string[] = [];
  for (const { path, state } of files) {
    const verb = verbs[state];
    counts[verb] += 1;
    if (state !== "fresh") lines.push(`${verb} ${path}`);
  }
  const total = Object.entries(counts).map(([verb, count]) => `${count} ${verb}`);
  process.stdout.write(`${[...lines, `${total.join(", ")}.`].join("\n")}\n`);
}

function printDifferences({ files, spec }: Generator.GenerateOutcome): void {
  const different = files.filter(({ state }) => state !== "fresh");
  if (different.length === 0) {
    process.stdout.write(`${files.length} files up to date with ${spec}.\n`);
    return;
  }
  for (const { path, state, diff } of different)
    process.stdout.write(`${state}: ${path}\n${diff}\n`);
  const command = spec === "locks.yaml" ? "generate" : `generate ${spec}`;
  process.stdout.write(
    `${different.length} of ${files.length} files not up to date with ${spec}. ` +
      `Run: npx lock-catalogue ${command}\n`,
  );
}
