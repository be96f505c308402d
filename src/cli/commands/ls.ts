import type { Command } from "commander";
import { addCatalogueOption, loadCatalogue } from "../catalogue-option.js";
import { requireDirectory } from "../directory.js";
import { EXIT } from "../exit.js";

interface Options {
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly catalogue: string;
}

/** Declares `ls`, which lists the lock files of a directory. */
export function addListCommand(program: Command): void {
  const command = program
    .command("ls")
    .summary("list the lock files of a directory, and who holds them")
    .description(
      "Lists the lock files of a directory: kind, parameters, state, and the holder's PID, since when it " +
        "holds, and its command. Looks without disturbing anyone: no lock is lost because of it.",
    )
    .argument("<directory>", "the lock directory")
    .option("--watch", "look again every second, until Ctrl-C")
    .option("--json", "print JSON; with --watch, a line of it whenever something changed");
  addCatalogueOption(command)
    .addHelpText("after", HELP)
    .action(async (directory: string, { catalogue: module, json = false, watch }: Options) => {
      requireDirectory(directory);
      // Loaded when it is needed: every other command starts faster without it.
      const { printListing, watchListing } = await import("../listing.js");
      const listing = { catalogue: await loadCatalogue(module), directory, json };
      process.exitCode = watch ? await watchListing(listing) : await printListing(listing);
    });
}

const HELP = `
States:
  free             nobody holds the lock; that the file is there means nothing
  held             by this PID, since it wrote the PID into the file
  held by unknown  the file does not say by whom; "1234?" is who took the lock,
                   by the kernel's table
  unsafe           not a regular file, and so no lock file; it was not opened
  unreadable       no permission to look

JSON: an array with an object for each file, whose keys are always these:
  path        absolute path of the file
  kind        name of the kind; null where no kind of the catalogue reads the name
  parameters  its values by name, or null as well
  state       one of the above
  pid         the holder's, where the state is held; else null
  command     the holder's command line
  started     when the holder was started (ISO 8601, UTC)
  since       when the holder wrote its PID into the file (ISO 8601, UTC)
  taker       PID of the process that took a lock which is held by unknown
  reason      why it is unsafe or unreadable
What is not known, or does not apply, is null.

Example:
  $ npx lock-catalogue ls /var/lib/barman

Exit codes:
  ${EXIT.fine}  listed; also when Ctrl-C ends --watch
  ${EXIT.couldNotRun}  could not run: no such directory, not readable, wrong usage`;
