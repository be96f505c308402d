import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { scan } from "../../catalogue/scan.js";
import { visible } from "../../text.js";
import { addCatalogueOption, loadCatalogue } from "../catalogue-option.js";
import { CannotRun, EXIT, requireDirectory, WHO } from "../exit.js";
import { nameLock, nameMoment, nameProcess, toJson } from "../format.js";

interface Options {
  readonly json?: boolean;
  readonly catalogue: string;
}

/** Declares `who`, which reports the holder of one lock. */
export function addWhoCommand(program: Command): void {
  const command = program
    .command("who")
    .summary("report who holds the lock of a file")
    .description(
      "Reports who holds the lock of a file: PID, command, since when. The exit code says whether it is " +
        "free or held. Works on any file, also on one that no kind of the catalogue reads. Creates and " +
        "changes nothing.",
    )
    .argument("<file>", "the lock file")
    .option("--json", "print a JSON object, as ls --json prints it; null if there is no file");
  addCatalogueOption(command)
    .addHelpText("after", HELP)
    .action(async (file: string, { catalogue: module, json }: Options) => {
      const catalogue = await loadCatalogue(module);
      const path = resolve(file);
      requireDirectory(dirname(path));
      const [entry] = await scan([{ path, lock: catalogue.identify(path) }]);
      if (json) {
        const value = entry === undefined ? null : toJson(catalogue, entry);
        process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      }
      const print = (text: string): boolean => json || process.stdout.write(`${text}\n`);
      switch (entry?.state) {
        case undefined:
          print(`Free: there is no file ${visible(path)}.`);
          process.exitCode = WHO.free;
          break;
        case "free":
          print(`Free: nobody holds ${nameLock(catalogue, entry)}.`);
          process.exitCode = WHO.free;
          break;
        case "held": {
          const since = entry.since === null ? "" : `, since ${nameMoment(entry.since)}`;
          print(`${nameProcess(entry.holder)} holds ${nameLock(catalogue, entry)}${since}.`);
          process.exitCode = WHO.held;
          break;
        }
        case "shared":
          print(
            `${entry.holders.map(nameProcess).join(", ")} share ${nameLock(catalogue, entry)}: nobody has it exclusively.`,
          );
          process.exitCode = WHO.held;
          break;
        case "held by unknown":
          print(
            `Somebody holds ${nameLock(catalogue, entry)}, and the file does not say who` +
              (entry.taker === null
                ? "."
                : `; by the kernel's table, ${nameProcess(entry.taker)} took it.`),
          );
          process.exitCode = WHO.held;
          break;
        case "unsafe":
        case "unreadable":
          throw new CannotRun(`${visible(path)} is ${entry.state}: ${visible(entry.reason)}`);
      }
    });
}

const HELP = `
By the time you read it, the state may have changed.

Example:
  $ npx lock-catalogue who /var/lib/barman/.main-backup.lock

Exit codes:
  ${WHO.held}  held
  ${WHO.free}  free
  ${EXIT.couldNotRun}  could not find out: no such directory, not a regular file, not readable,
     wrong usage`;
