import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { scan } from "../../catalogue/scan.js";
import { visible } from "../../text.js";
import { CannotRun } from "../cannot-run.js";
import { addCatalogueOption, loadCatalogue } from "../catalogue-option.js";
import { requireDirectory } from "../directory.js";
import { EXIT } from "../exit.js";

interface Options {
  readonly json?: boolean;
  readonly catalogue: string;
}

/** The exit codes of `who`, for `if lock-catalogue who …; then`. */
const WHO = { held: 0, free: 1 } as const;

/** Declares `who`, which tells who holds one lock. */
export function addWhoCommand(program: Command): void {
  const command = program
    .command("who")
    .summary("tell who holds the lock of a file")
    .description(
      "Tells who holds the lock of a file: PID, command, since when. The exit code tells free from held. " +
        "Any file will do, also one that no kind of the catalogue reads. Creates and changes nothing.",
    )
    .argument("<file>", "the lock file")
    .option("--json", "print a JSON object, as ls --json has them, or null where there is no file");
  addCatalogueOption(command)
    .addHelpText("after", HELP)
    .action(async (file: string, { catalogue: module, json }: Options) => {
      const { nameLock, nameMoment, nameProcess, sightingJson } = await import("../format.js");
      const catalogue = await loadCatalogue(module);
      const path = resolve(file);
      requireDirectory(dirname(path));
      const [seen] = await scan([{ path, lock: catalogue.identify(path) }]);
      if (json) {
        const value = seen === undefined ? null : sightingJson(catalogue, seen);
        process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      }
      const say = (text: string): boolean => json || process.stdout.write(`${text}\n`);
      switch (seen?.state) {
        case undefined:
          say(`Free: there is no file ${visible(path)}.`);
          process.exitCode = WHO.free;
          break;
        case "free":
          say(`Free: nobody holds ${nameLock(catalogue, seen)}.`);
          process.exitCode = WHO.free;
          break;
        case "held": {
          const since = seen.since === null ? "" : `, since ${nameMoment(seen.since)}`;
          say(`${nameProcess(seen.holder)} holds ${nameLock(catalogue, seen)}${since}.`);
          process.exitCode = WHO.held;
          break;
        }
        case "shared":
          say(
            `${seen.holders.map(nameProcess).join(", ")} share ${nameLock(catalogue, seen)}: nobody has it exclusively.`,
          );
          process.exitCode = WHO.held;
          break;
        case "held by unknown":
          say(
            `Somebody holds ${nameLock(catalogue, seen)}, and the file does not say who` +
              (seen.taker === null ? "." : `; by the kernel, ${nameProcess(seen.taker)} took it.`),
          );
          process.exitCode = WHO.held;
          break;
        case "unsafe":
        case "unreadable":
          throw new CannotRun(`${visible(path)} is ${seen.state}: ${visible(seen.reason)}`);
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
  ${EXIT.couldNotRun}  could not tell: no such directory, not a regular file, not readable,
     wrong usage`;
