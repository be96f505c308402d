import { text } from "node:stream/consumers";
import type { Command } from "commander";
import type { Format } from "../../../codegen/index.js";
import { CannotRun, EXIT } from "../exit.js";
import { addFormatOption, loadPart, withPart } from "../generator.js";

interface Options {
  readonly against: string;
  readonly allowMissing: boolean;
  readonly format: "text" | Format;
}

/**
 * Declares `breaking`, which compares a spec with an older one. Its help lists the generator's rules, so
 * the generator is loaded if this call asks for that help.
 *
 * @param args The arguments of the program.
 */
export async function addBreakingCommand(program: Command, args: readonly string[]): Promise<void> {
  const command = program
    .command("breaking")
    .summary("compare a spec with an older one: do old and new programs still exclude each other?")
    .description(
      "Compares a spec with an older one as a rolling deployment sees them: while programs with either run " +
        "side by side, do they still exclude each other, and agree on what a lock file is? Each finding comes " +
        "with a file name that the two treat differently, if there is one. Writes nothing.",
    )
    .argument("[spec]", "the new spec", "locks.yaml")
    .requiredOption("--against <file>", 'the old spec; "-" reads it from standard input')
    .option(
      "--allow-missing",
      "an old spec that is not there, is empty or has problems is a note: nothing can break then",
      false,
    )
    .action(async (spec: string, { against: file, allowMissing, format }: Options) => {
      const against = file === "-" ? { file, text: await text(process.stdin) } : file;
      const outcome = await withPart("#breaking", ({ breaking }) =>
        breaking({ spec, against, allowMissing }),
      );
      if (outcome === null) return;
      const { problems, findings, accepted, note } = outcome;
      if (format !== "text") {
        process.stdout.write(outcome.print(format));
      } else if (problems.length > 0) {
        process.stderr.write(`${outcome.text}\nThe specs were not compared: fix this first.\n`);
      } else if (note !== null) {
        process.stdout.write(`Note: ${note}.\n`);
      } else {
        process.stdout.write(outcome.text + summary(findings.length, accepted.length, file));
      }
      const found = findings.length > 0 ? EXIT.different : EXIT.fine;
      process.exitCode = problems.length > 0 ? EXIT.couldNotRun : found;
    });
  addFormatOption(command);
  const asksForHelp = args.includes("--help") || args.includes("-h");
  if (args[0] === command.name() && asksForHelp) {
    command.addHelpText("after", help(await loadRules()));
  }
}

/** A line for each rule. The rest of the help is there without the generator's packages, too. */
async function loadRules(): Promise<string> {
  try {
    const { RULES } = await loadPart("#breaking");
    return Object.entries(RULES)
      .map(([rule, [breaks, when]]) => `  ${rule.padEnd(22)} ${breaks.padEnd(10)} ${when}`)
      .join("\n");
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    return `  (${error.message})`;
  }
}

function summary(count: number, accepted: number, against: string): string {
  const name = against === "-" ? "standard input" : against;
  const than = accepted === 0 ? name : `${name}, and ${accepted} accepted`;
  if (count === 0) return `Nothing breaking against ${than}.\n`;
  return `${count} breaking change${count === 1 ? "" : "s"} against ${than}.\n`;
}

function help(rules: string): string {
  return `
Rules, and what each breaks:
${rules}

  exclusion  old and new programs take different files for one lock
  reading    they disagree on which lock a file is
  behaviour  they exclude each other, and behave differently while they do
  code       code that was written against the old catalogue

Example:
  $ git show main:locks.yaml | npx lock-catalogue breaking --against -
  $ git show main:./locks.yaml | npx lock-catalogue breaking --against - --allow-missing

Exit codes:
  ${EXIT.fine}  nothing breaking
  ${EXIT.different}  something breaking
  ${EXIT.couldNotRun}  could not run: a spec is missing or has problems, wrong usage`;
}
