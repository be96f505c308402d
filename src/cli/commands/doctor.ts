import type { Command } from "commander";
import { visible } from "../../text.js";
import { addCatalogueOption, loadCatalogue } from "../catalogue-option.js";
import { type Check, checkRights, examine } from "../checks.js";
import { EXIT, requireDirectory } from "../exit.js";

interface Options {
  readonly catalogue?: string;
  readonly json?: boolean;
}

/** Declares `doctor`, which looks for what would keep locks from working here. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command("doctor")
    .summary("look for what would keep locks from working here")
    .description(
      "Looks for what would keep locks from working: the add-on, the programs that waits use, what this process can " +
        "see of others, and, of a directory, its file system, permissions, and the rights of its lock files. Takes no lock, and changes nothing.",
    )
    .argument("[directory]", "the lock directory")
    .option("--json", "print a JSON array: check, verdict (good, limited, bad), found, remedy");
  addCatalogueOption(command)
    .addHelpText("after", HELP)
    .action(async (directory: string | undefined, { catalogue, json }: Options) => {
      if (directory !== undefined) requireDirectory(directory);
      const checks = examine(directory);
      if (directory !== undefined) {
        checks.push(...(await checkRights(await loadCatalogue(catalogue), directory)));
      }
      process.stdout.write(json ? `${JSON.stringify(checks, null, 2)}\n` : toText(checks));
      const isBad = checks.some(({ verdict }) => verdict === "bad");
      process.exitCode = isBad ? EXIT.different : EXIT.fine;
    });
}

function toText(checks: readonly Check[]): string {
  const lines = checks.flatMap(({ check, verdict, found, remedy }) => [
    `${verdict.padEnd(8)} ${check}: ${visible(found)}`,
    ...(remedy === null ? [] : [`${" ".repeat(9)}${visible(remedy)}`]),
  ]);
  return `${lines.join("\n")}\n`;
}

const HELP = `
"limited" is worth knowing and no fault: locks exclude, and something else is slower
or not told.

Example:
  $ npx lock-catalogue doctor /var/lib/barman

Exit codes:
  ${EXIT.fine}  nothing is bad
  ${EXIT.different}  something is bad: locks fail, or may not exclude
  ${EXIT.couldNotRun}  could not run: no such directory, wrong usage`;
