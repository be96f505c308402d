import { isatty } from "node:tty";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { LockKind } from "../../catalogue/catalogue.js";
import type { LockFile } from "../../lock-file.js";
import { callsOf } from "../arguments.js";
import { CLUSTER_HELP } from "../cluster.js";
import { RUN } from "../exit.js";
import { type Duration, parseDuration, parseFile } from "../format.js";
import { addKindCommand, catalogueFor, directoryFlag, makeKindParent } from "../kind-command.js";
import type { RunRequest } from "../run-under-lock.js";
import { endWith } from "../signals.js";

interface Options {
  readonly wait?: boolean;
  readonly timeout?: Duration;
  readonly conflictExitCode: number;
  readonly shared?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly mode?: number;
  readonly close?: boolean;
  readonly fork: boolean;
  readonly cluster?: boolean;
}

/**
 * Declares `run`, which holds locks while a command runs. Its kinds are subcommands, with flags for their
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
    .summary("hold a lock, or several, while a command runs")
    .description(
      "Holds a lock while a command runs, as flock(1) does, but by the name of the lock: nobody has to know " +
        "the path of its file. The command gets the terminal and the signals, run ends as the command does, " +
        "and the lock is released when the command has ended.",
    )
    .usage("<Kind> --directory <dir> [flags] [+ <Kind> [flags]]... -- <command> [args...]")
    .option("--directory <dir>", "the lock directory, if the catalogue names none; it must exist")
    .addOption(
      new Option("--file <path>", "lock this file instead, without a kind")
        .argParser(parseFile)
        .conflicts(["directory", "catalogue"]),
    )
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
    .addOption(
      new Option(
        "--shared",
        "hold the lock together with others who share it, as flock -s does",
      ).conflicts("cluster"),
    )
    .option("--quiet", "do not print that the lock is busy")
    .addOption(
      new Option(
        "--verbose",
        "print who holds the lock while it is waited for, as on a terminal",
      ).conflicts("quiet"),
    )
    .addOption(
      new Option(
        "--mode <mode>",
        "create the lock file with these permissions, such as 0660",
      ).argParser(parseMode),
    )
    .option("--close", "do not let the command inherit the lock")
    .addOption(
      new Option("--no-fork", "become the command, instead of waiting for it").conflicts("close"),
    )
    .addOption(
      new Option("--cluster", "hold the lock on all hosts, at a PostgreSQL database").conflicts(
        "fork",
      ),
    )
    .addHelpText("after", HELP);
  makeKindParent(run);
  if (args[0] !== run.name()) return;
  // What is said of one lock is said of those before it, too: --directory, --timeout. All flags are parsed again.
  const calls = callsOf(args);
  const isGap = calls.map((call) => run.parseOptions(call).operands.length === 1);
  const { file } = run.opts();
  const work: Work = { command, count: calls.length, locks: [] };
  if (file !== undefined) {
    addAction(run, work, () => ({ file: run.opts()["file"] }));
    return;
  }
  if (calls.length > 1 && isGap.includes(true)) {
    run.error("error: a + stands between two locks, and there is none on one side of it");
  }
  const { kinds } = await catalogueFor(run, args);
  for (const kind of kinds) addKind(run, kind, work);
}

/** What a call of `run` comes to, once each of its locks has been parsed. */
interface Work {
  readonly command: readonly string[] | null;
  /** How many locks there are. */
  readonly count: number;
  /** Those that have been parsed. */
  readonly locks: RunRequest["locks"][number][];
}

function addKind(run: Command, kind: LockKind<LockFile>, work: Work): void {
  const { command: own, flags, lockOf } = addKindCommand(run, kind);
  const waits = kind.DEFAULTS.wait ? "waits for it by default" : "does not wait by default";
  own
    .description(`Holds ${kind.TEMPLATE} while a command runs; ${waits}.`)
    .usage(`${directoryFlag(kind, "<dir>")}[flags] -- <command> [args...]`)
    .addHelpText("after", kindHelp(kind, flags));
  addAction(own, work, lockOf);
}

/** Makes a command that names a lock, and, if it is the last one, holds all of them. */
function addAction(
  own: Command,
  { command, count, locks }: Work,
  lockOf: () => Work["locks"][number],
): void {
  own.argument("[words...]").action(async (words: readonly string[]) => {
    const [stray] = words;
    if (stray !== undefined) own.error(`error: the command comes after --, not before: ${stray}`);
    if (command === null || command.length === 0) own.error("error: there is no command after --");
    const options = own.optsWithGlobals<Options>();
    const { wait, timeout, conflictExitCode, quiet = false, mode, close = false, fork } = options;
    const { cluster = false, verbose = false, shared = false } = options;
    const lock = lockOf();
    if (shared && "kind" in lock && !(lock.constructor as typeof LockFile).SHARED) {
      own.error(`error: a ${lock.kind} cannot be shared: its spec does not say \`shared: true\``);
    }
    locks.push(lock);
    if (locks.length < count) return;
    const { runUnderLock } = await import("../run-under-lock.js");
    const request = {
      locks,
      wait,
      timeout,
      shared,
      conflictExitCode,
      quiet,
      tellsWaits: verbose || (!quiet && isatty(2)),
      mode,
      inherit: !close,
      fork,
      cluster,
    };
    endWith(await runUnderLock(request, command));
  });
}

function parseExitCode(text: string): number {
  const code = Number(text);
  if (/^\d{1,3}$/u.test(text) && code <= 255) return code;
  throw new InvalidArgumentError("An exit code is a whole number from 0 to 255.");
}

function parseMode(text: string): number {
  if (/^0?[0-7]{3}$/u.test(text)) return Number.parseInt(text, 8);
  throw new InvalidArgumentError("Write three octal digits, with or without a 0 in front: 0660.");
}

function kindHelp(kind: LockKind<LockFile>, flags: readonly Option[]): string {
  const { name, PARAMETERS, VALUES = {} } = kind;
  const values = Object.keys(PARAMETERS).map((parameter, at) => {
    const only = VALUES[parameter];
    const example = only === undefined ? "main" : "min" in only ? only.max : only[0];
    return ` ${flags[at]?.long} ${example}`;
  });
  return `
Example:
  $ npx lock-catalogue run ${name}${` ${directoryFlag(kind, "/var/lib/barman")}`.trimEnd()}${values.join("")} -- sleep 60

What it does, and its exit codes: lock-catalogue run --help`;
}

const HELP = `
Several locks, with a + between them, are held all or none: they are taken in the order
of the catalogue, whatever that of the arguments, so that no two runs wait for each other
in a circle. The flags of run itself, such as --directory and --timeout, are for all of
them. A value that is + is written with an equals sign: --server-name=+

On a terminal or with --verbose, a wait is told: who holds the lock, since when, and how
many wait before you; and again when that changes.

Each parameter of a kind is a flag: see lock-catalogue run <Kind> --help. Without
--wait, --no-wait and --timeout, the kind decides whether to wait for a busy lock.

The command inherits the lock, and the file names its PID: if run is killed, the lock
stays held until the command has ended, and all that it has started with it. With
--close only run holds the lock: it is free when run has ended, or is killed.

SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1 and SIGUSR2 are passed on to the command,
unless it got them already, as from Ctrl-C. Node.js does not see real-time signals: one
that ends the command looks like exit code 0. With --no-fork, which needs Node.js 22.15,
there is nothing in between: the command gets every signal, and run takes no memory.

LOCK_CATALOGUE_HELD tells the command which locks are held for it: a line with the PID
of run, a colon and the file for each. To outlive its terminal, start it with setsid(1):
Node.js undoes nohup(1), and raises the soft limit of open files (ulimit -Sn).

${CLUSTER_HELP}
LOCK_TOKEN is then the fencing token; of several locks, a line for each, as they were
named. If a lock is lost, the command gets SIGTERM, and SIGKILL 5 s later. If run is
killed, only the locks of this host stay with the command.

Example:
  $ npx lock-catalogue run ServerBackupLock --directory /var/lib/barman \\
      --server-name main --timeout 30s -- rsync -a /srv/main/ standby:/srv/main/
  $ npx lock-catalogue run --directory /var/lib/barman ServerBackupLock --server-name main \\
      + ServerXLOGDBLock --server-name main -- sleep 60

Exit codes:
  the command's own; if a signal ended the command, or came while run waited for
       the lock, the same signal ends run
  ${RUN.conflict}   the lock is busy, or still is after --timeout (see --conflict-exit-code)
  ${RUN.lost}   with --cluster: the lock was lost while the command ran
  ${RUN.couldNotRun}  the lock cannot be taken, or wrong usage; the command was not started
  ${RUN.notExecutable}  the command cannot be executed
  ${RUN.notFound}  the command was not found`;
