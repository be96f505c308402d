import { tmpdir } from "node:os";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { scan } from "../../catalogue/scan.js";
import type { LockFile } from "../../lock-file.js";
import { visible } from "../../text.js";
import { addCatalogueOption, loadCatalogue } from "../catalogue-option.js";
import { asCannotRun, CLUSTER_HELP, openCluster } from "../cluster.js";
import { CannotRun, EXIT, requireDirectory, WHO } from "../exit.js";
import { nameLock, nameMoment, nameProcess, toJson } from "../format.js";
import { parameterFlags } from "../parameter-flags.js";

interface Options {
  readonly json?: boolean;
  readonly catalogue: string;
}

/**
 * Declares `who`, which reports the holder of one lock. With `--cluster` its kinds are subcommands, as those of `run`
 * are, which depend on `--catalogue`: so they are declared only if this call is one of it.
 *
 * @param args The arguments of the program.
 * @throws CannotRun if this call needs the catalogue, and it cannot be loaded.
 */
export async function addWhoCommand(program: Command, args: readonly string[]): Promise<void> {
  if (args[0] === "who" && args.includes("--cluster")) return addWhoEverywhere(program, args);
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

async function addWhoEverywhere(program: Command, args: readonly string[]): Promise<void> {
  const who = program
    .command("who")
    .description(
      "Reports which host and process hold a lock of all hosts, and since when. The exit code says whether " +
        "it is free or held.",
    )
    .usage("--cluster <Kind> [flags]")
    .requiredOption("--cluster", "ask about the lock of all hosts, at a PostgreSQL database")
    .option("--json", "print a JSON object with host, pid and since; null if it is free")
    .helpCommand(false)
    .commandsGroup("Kinds:")
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (kind) => kind.name() })
    .configureOutput({
      outputError: (text, write) => write(text.replace("unknown command", "unknown kind")),
    });
  addCatalogueOption(who).addHelpText("after", `\n${CLUSTER_HELP}`);
  // Only for --catalogue: all flags are parsed again once the kinds are declared.
  who.parseOptions(args.slice(1));
  const { kinds } = await loadCatalogue(who.opts()["catalogue"]);
  const taken = ["--help", ...who.options.map(({ long }) => String(long))];
  for (const kind of kinds) {
    const flags = parameterFlags(kind, taken);
    const own = who
      .command(kind.name)
      .summary(kind.TEMPLATE ?? "")
      .helpOption("--help");
    for (const flag of flags) own.addOption(flag.makeOptionMandatory());
    own.action(async () => {
      const options = own.optsWithGlobals<Readonly<Record<string, unknown>>>();
      const values = flags.map((flag) => options[flag.attributeName()]);
      // The directory is of no importance: what counts on all hosts is the name.
      const lock: LockFile = Reflect.construct(kind as never, [tmpdir(), ...values]);
      process.exitCode = await printOwner(lock, options["json"] === true);
    });
  }
}

async function printOwner(lock: LockFile, json: boolean): Promise<number> {
  await using hosts = await openCluster();
  const owner = await hosts
    .lock(lock)
    .getOwner()
    .catch((error) => {
      throw asCannotRun(error);
    });
  if (json) process.stdout.write(`${JSON.stringify(owner, null, 2)}\n`);
  else if (owner === null) process.stdout.write(`Free: nobody holds ${lock} on any host.\n`);
  else {
    const since = owner.since === null ? "" : `, since ${nameMoment(owner.since)}`;
    const holder = `PID ${owner.pid} on ${visible(owner.host)}`;
    process.stdout.write(`${holder} holds ${lock}${since}.\n`);
  }
  return owner === null ? WHO.free : WHO.held;
}

const HELP = `
With --cluster <Kind> [flags]: who holds the lock on any host. See who --cluster --help.

By the time you read it, the state may have changed.

Example:
  $ npx lock-catalogue who /var/lib/barman/.main-backup.lock

Exit codes:
  ${WHO.held}  held
  ${WHO.free}  free
  ${EXIT.couldNotRun}  could not find out: no such directory, not a regular file, not readable,
     wrong usage`;
