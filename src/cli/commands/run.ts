import { type Command, InvalidArgumentError, Option } from "commander";
import type { LockKind } from "../../catalogue/catalogue.js";
import type { LockFile } from "../../lock-file.js";
import { addCatalogueOption, loadCatalogue } from "../catalogue-option.js";
import { RUN } from "../exit.js";
import { parseDuration } from "../format.js";
import { parameterFlags } from "../parameter-flags.js";

interface Options extends Readonly<Record<string, unknown>> {
  readonly directory?: string;
  readonly wait?: boolean;
  readonly timeout?: number;
  readonly conflictExitCode: number;
}

/**
 * Declares `run`, which holds a lock while a command runs. Its kinds are subcommands, with flags for their
 * parameters. They depend on `--catalogue`, so they are declared only if this call is one of `run`.
 *
 * @param args The arguments of the program, up to `--`.
 * @param command What comes after `--`; null if there is no `--`.
 * @throws CannotRun if this call is one of `run` and the catalogue cannot be loaded.
 */
export async function addRunCommand(
  program: Command,
  args: readonly string[],
  command: readonly string[] | null,
): Promise<void> {
  const run = program
    .command("run")
    .summary("hold a lock while a command runs")
    .description(
      "Holds a lock while a command runs, as flock(1) does, but by the name of the lock: nobody has to know " +
        "the path of its file. The command gets the terminal and the signals, its exit code is the exit code " +
        "of run, and the lock is released when it has ended.",
    )
    .usage("<Kind> --directory <dir> [flags] -- <command> [args...]")
    .option("--directory <dir>", "the lock directory; it must exist")
    .addOption(new Option("--wait", "wait for a busy lock").conflicts("timeout"))
    .addOption(new Option("--no-wait", "do not wait, even if the kind does by default"))
    .addOption(
      new Option("--timeout <duration>", "wait this long for it: 500ms, 30s, 5m")
        .argParser(parseDuration)
        .conflicts("wait"),
    )
    .addOption(
      new Option("--conflict-exit-code <n>", "the exit code if the lock is busy")
        .argParser(parseExitCode)
        .default(RUN.conflict),
    )
    .addHelpText("after", HELP)
    .helpCommand(false)
    .commandsGroup("Kinds:")
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (kind) => kind.name() })
    .configureOutput({
      outputError: (text, write) => write(text.replace("unknown command", "unknown kind")),
    });
  addCatalogueOption(run);
  const called = args[0] === "help" ? args[1] : args[0];
  if (called !== run.name()) return;
  // Only for --catalogue: all flags are parsed again once the kinds are declared.
  run.parseOptions([...args]);
  const { kinds } = await loadCatalogue(run.opts()["catalogue"]);
  for (const kind of kinds) addKind(run, kind, command);
}

function addKind(run: Command, kind: LockKind<LockFile>, command: readonly string[] | null): void {
  const flags = parameterFlags(kind, ["--help", ...run.options.map(({ long }) => String(long))]);
  const waits = kind.DEFAULTS.wait ? "waits for it by default" : "does not wait by default";
  const own: Command = run
    .command(kind.name)
    .summary(kind.TEMPLATE ?? "")
    .description(`Holds ${kind.TEMPLATE} while a command runs; ${waits}.`)
    .usage("--directory <dir> [flags] -- <command> [args...]")
    .argument("[words...]")
    .helpOption("--help", "display help for command")
    .addHelpText("after", kindHelp(kind.name, flags));
  for (const option of flags) own.addOption(option);
  own.action(async (words: readonly string[]) => {
    const [stray] = words;
    if (stray !== undefined) own.error(`error: the command comes after --, not before: ${stray}`);
    if (command === null || command.length === 0) own.error("error: there is no command after --");
    const { directory, parameters, ...given } = read(own, flags);
    const { runUnderLock } = await import("../run-under-lock.js");
    process.exitCode = await runUnderLock({ kind, directory, parameters, ...given }, command);
  });
}

/**
 * The flags with their values. Missing ones are refused here and not by commander, which would complain
 * about a missing flag before it suggests the right spelling of a misspelt one.
 */
function read(own: Command, flags: readonly Option[]) {
  const { directory, wait, timeout, conflictExitCode, ...values } = own.optsWithGlobals<Options>();
  const required = (flag: string, value: unknown): string =>
    typeof value === "string" ? value : own.error(`error: ${flag} is missing`);
  return {
    directory: required("--directory <dir>", directory),
    parameters: flags.map((option) => required(option.flags, values[option.attributeName()])),
    wait,
    timeout,
    conflictExitCode,
  };
}

function parseExitCode(text: string): number {
  const code = Number(text);
  if (/^\d{1,3}$/u.test(text) && code <= 255) return code;
  throw new InvalidArgumentError("An exit code is a whole number from 0 to 255.");
}

function kindHelp(name: string, flags: readonly Option[]): string {
  const values = flags.map(({ long }) => ` ${long} main`).join("");
  return `
Example:
  $ npx lock-catalogue run ${name} --directory /var/lib/barman${values} -- sleep 60

What it does, and its exit codes: lock-catalogue run --help`;
}

const HELP = `
Each parameter of a kind is a flag: see lock-catalogue run <Kind> --help. Without
--wait, --no-wait and --timeout, the kind decides whether to wait for a busy lock.

SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 are passed on to the command,
and the lock is kept until it has ended. Nothing can be passed on of a SIGKILL: the
kernel frees the lock, and the command goes on without it. Where that must not be,
have the kernel kill the command too: -- setpriv --pdeathsig KILL <command>

The command does not inherit the lock: what it leaves running is not covered by it.
To outlive its terminal, start it with setsid(1): Node.js undoes nohup(1).

Example:
  $ npx lock-catalogue run ServerBackupLock --directory /var/lib/barman \\
      --server-name main --timeout 30s -- rsync -a /srv/main/ standby:/srv/main/

Exit codes:
  the command's own, or 128 + the number of the signal that ended it
  ${RUN.conflict}   the lock is busy, or still is after --timeout (see --conflict-exit-code)
  ${RUN.couldNotRun}  the lock cannot be taken, or wrong usage; the command was not started
  ${RUN.notExecutable}  the command cannot be executed
  ${RUN.notFound}  the command was not found
  128 + the number of a signal that came while it waited for the lock`;
