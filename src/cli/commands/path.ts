import type { Command } from "commander";
import { EXIT } from "../exit.js";
import { addKindCommand, catalogueFor, directoryFlag, makeKindParent } from "../kind-command.js";

/**
 * Declares `path`, which prints the path of a lock's file. Its kinds are subcommands, as those of `run`.
 *
 * @param args The arguments of the program.
 * @throws CannotRun if this call is one of `path` and the catalogue cannot be loaded.
 */
export async function addPathCommand(program: Command, args: readonly string[]): Promise<void> {
  const path = program
    .command("path")
    .summary("print the path of a lock's file, for scripts and flock(1)")
    .description(
      "Prints the absolute path of the file that a kind and its values name, as it is, so that a script or flock(1) " +
        "can lock it. Creates and changes nothing; the file need not exist.",
    )
    .usage("<Kind> --directory <dir> [flags]")
    .option("--directory <dir>", "the lock directory, if the catalogue names none; it must exist")
    .addHelpText("after", HELP);
  makeKindParent(path);
  if (args[0] !== path.name()) return;
  const { kinds } = await catalogueFor(path, args);
  for (const kind of kinds) {
    const { command, lockOf } = addKindCommand(path, kind);
    command
      .description(`Prints the path of ${kind.TEMPLATE}.`)
      .usage(`${directoryFlag(kind, "<dir>")}[flags]`)
      .action(() => {
        process.stdout.write(`${lockOf().filename}\n`);
      });
  }
}

const HELP = `
flock(1) creates the file with the permissions of your umask, and writes no PID into it:
lock-catalogue run does both as a program of the catalogue does.

Example:
  $ npx lock-catalogue path ServerBackupLock --directory /var/lib/barman --server-name main
  $ flock "$(npx lock-catalogue path GlobalCronLock --directory /run/barman)" make backup

Exit codes:
  ${EXIT.fine}  printed
  ${EXIT.couldNotRun}  could not run: no such kind or directory, a value that no name can hold, wrong usage`;
