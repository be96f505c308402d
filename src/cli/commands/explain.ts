import type { Command } from "commander";
import { EXIT } from "../exit.js";
import { withPart } from "../generator.js";

/** Declares `explain`, which shows a catalogue and which names its kinds share. */
export function addExplainCommand(program: Command): void {
  program
    .command("explain")
    .summary("show the kinds of a catalogue, and which names they share")
    .description(
      "Shows the kinds that a spec declares in the order in which they read a name, each with its " +
        "file name and regex, and every overlap with a name that both kinds accept. Writes nothing.",
    )
    .argument("[spec]", "the spec", "locks.yaml")
    .option("--json", "print JSON")
    .addHelpText("after", HELP)
    .action(async (spec: string, { json = false }: { readonly json?: boolean }) => {
      const explained = await withPart("#explain", ({ explain }) => explain({ spec }));
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

/** In a pipe nothing is wrapped, unless COLUMNS says how wide the reader is. */
function terminalWidth(): number {
  const columns = Number(process.env["COLUMNS"]);
  return process.stdout.columns ?? (columns > 0 ? columns : Number.POSITIVE_INFINITY);
}
