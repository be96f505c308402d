import type { Command } from "commander";
import { sweep } from "../../catalogue/sweep.js";
import { messageOf } from "../../errors.js";
import { visible } from "../../text.js";
import {
  addCatalogueOption,
  directoriesFor,
  loadCatalogue,
  tellChoice,
} from "../catalogue-option.js";
import { complain, EXIT, requireDirectory } from "../exit.js";
import { OrderlyStop } from "../signals.js";

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly catalogue?: string;
}

/** Declares `sweep`, which removes lock files that nobody holds. */
export function addSweepCommand(program: Command): void {
  const command = program
    .command("sweep")
    .summary("remove the lock files of a directory that nobody holds")
    .description(
      "Removes the lock files of a directory that belong to the catalogue and that nobody holds or waits for. " +
        "Each is removed under its own lock; all others stay. Free lock files do no harm: sweep when they " +
        "have piled up, not as a habit.",
    )
    .argument("[directory]", "the lock directory, if the catalogue names none")
    .option("--dry-run", "only report what would be removed")
    .option("--json", "print a JSON object with the paths: removed, held, notOurs, failed");
  addCatalogueOption(command)
    .addHelpText("after", HELP)
    .action(async (directory: string | undefined, { catalogue: module, dryRun, json }: Options) => {
      using _stop = new OrderlyStop();
      if (directory !== undefined) requireDirectory(directory);
      const catalogue = await loadCatalogue(module);
      tellChoice(module);
      const directories = directoriesFor(catalogue, directory, command);
      const swept = await sweep((path) => catalogue.identify(path), directories, { dryRun });
      const outcome: Outcome = {
        removed: swept.removed.map(({ filename }) => filename),
        held: swept.held.map(({ filename }) => filename),
        notOurs: swept.notOurs,
        failed: swept.failed.map(({ lock: { filename: path }, error }) => ({
          path,
          reason: messageOf(error),
        })),
      };
      process.stdout.write(
        json ? `${JSON.stringify(outcome, null, 2)}\n` : toText(outcome, dryRun),
      );
      for (const { reason } of outcome.failed) complain(reason);
      process.exitCode = outcome.failed.length === 0 ? EXIT.fine : EXIT.different;
    });
}

const HELP = `
Files that end in .lock and that no kind reads are "not ours". In the JSON of
--dry-run, "removed" lists what would be removed.

Example:
  $ npx lock-catalogue sweep /var/lib/barman --dry-run

Exit codes:
  ${EXIT.fine}  swept, even if there was nothing to remove
  ${EXIT.different}  a file could not be removed: no permission, not a regular file
  ${EXIT.couldNotRun}  could not run: no such directory, not readable, wrong usage`;

interface Outcome {
  readonly removed: readonly string[];
  readonly held: readonly string[];
  readonly notOurs: readonly string[];
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
}

function toText({ removed, held, notOurs, failed }: Outcome, dryRun = false): string {
  const verb = dryRun ? "would remove" : "removed";
  const lines = [
    ...removed.map((path) => `${verb} ${visible(path)}`),
    ...held.map((path) => `held: ${visible(path)}`),
    ...notOurs.map((path) => `not ours: ${visible(path)}`),
  ];
  const total =
    `${removed.length} ${dryRun ? "to remove" : "removed"}, ${held.length} held, ` +
    `${notOurs.length} not ours, ${failed.length} failed.`;
  return `${[...lines, total].join("\n")}\n`;
}
