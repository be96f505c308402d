import type { Command } from "commander";
import { EXIT } from "../exit.js";
import { withGenerator } from "../with-generator.js";

/** Declares `explain`, which shows a catalogue and what its kinds have in common. */
export function addExplainCommand(program: Command): void {
  program
    .command("explain")
    .summary("show the kinds of a catalogue, and which names they share")
    .description(
      "Shows the kinds that a spec declares in the order in which they are asked for a name, each with its " +
        "file name and regex, and every overlap with a name that both kinds accept. Writes nothing.",
    )
    .argument("[spec]", "the spec", "locks.yaml")
    .option("--json", "print JSON")
    .addHelpText("after", HELP)
    .action(async (spec: string, { json = false }: { readonly json?: boolean }) => {
      const explained = await withGenerator((generator) => generator.explain({ spec }));
      if (explained === null) return;
      const count = explained.problems.length;
      if (json) {
        process.stdout.write(`${JSON.stringify(explained.data, null, 2)}\n`);
      } else if (count > 0) {
        const summary = `${spec} has ${count} problem${count === 1 ? "" : "s"}.`;
        process.stderr.write(`${explained.report}\n${summary}\n`);
      } else {
        process.stdout.write(explained.text(terminalWidth()));
      }
      process.exitCode = count > 0 ? EXIT.different : EXIT.fine;
    });
}

const HELP = `
Example:
  $ npx lock-catalogue explain
  $ npx lock-catalogue explain --json | jq '.overlaps[].witness'

Exit codes:
  ${EXIT.fine}  fine
  ${EXIT.different}  the spec has problems; they are printed, with --json as JSON
  ${EXIT.couldNotRun}  could not run: no such spec, not readable, wrong usage`;

/** Nothing is wrapped for a pipe, unless whoever reads it says how wide it is. */
function terminalWidth(): number {
  const told = Number(process.env["COLUMNS"]);
  return process.stdout.columns ?? (told > 0 ? told : Number.POSITIVE_INFINITY);
}
