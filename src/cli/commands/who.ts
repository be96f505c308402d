import { tmpdir } from "node:os";
import { dirname } from "node:path";
import type { Command } from "commander";
import { scan } from "../../catalogue/scan.js";
import type { LockFile } from "../../lock-file.js";
import { absolutePath } from "../../name.js";
import { visible } from "../../text.js";
import type { AnyCatalogue } from "../catalogue-option.js";
import { asCannotRun, CLUSTER_HELP, openCluster } from "../cluster.js";
import { CannotRun, EXIT, requireDirectory, WHO } from "../exit.js";
import {
  type Entry,
  isHeld,
  nameLock,
  nameMoment,
  nameProcess,
  nameWaiters,
  parseFile,
  toJson,
} from "../format.js";
import {
  addKindCommand,
  catalogueFor,
  directoryFlag,
  makeKindParent,
  unknownKind,
} from "../kind-command.js";
import { OrderlyStop } from "../signals.js";

interface Options {
  readonly directory?: string;
  readonly cluster?: boolean;
  readonly free?: boolean;
  readonly json?: boolean;
}

/**
 * Declares `who`, which reports the holder of one lock. Its kinds are subcommands, as those of `run`.
 *
 * @param args The arguments of the program.
 * @throws CannotRun if this call is one of `who` and the catalogue cannot be loaded.
 */
export async function addWhoCommand(program: Command, args: readonly string[]): Promise<void> {
  const who = program
    .command("who")
    .summary("report who holds a lock")
    .description(
      "Reports who holds a lock: PID, command, since when, and who waits for it. The exit code says whether it " +
        "is free or held. Works on any file, also on one that no kind of the catalogue reads. Creates and " +
        "changes nothing.",
    )
    .usage("[options] <file>\n       lock-catalogue who <Kind> --directory <dir> [flags]")
    .argument("<file>", "the lock file", parseFile)
    .option("--directory <dir>", "with a kind: the lock directory, if the catalogue names none")
    .option("--cluster", "with a kind: ask about the lock of all hosts, at a PostgreSQL database")
    .option("--free", "exit with 0 if it is free, and with 1 if it is held")
    .option("--json", "print a JSON object, as ls --json prints it; null if there is no file")
    .addHelpText("after", HELP);
  makeKindParent(who);
  if (args[0] !== who.name()) return;
  const catalogue = await catalogueFor(who, args);
  who.action(async (file: string) => {
    const { directory, cluster, ...options } = who.opts<Options>();
    if (directory !== undefined || cluster) {
      who.error(`error: ${unknownKind(who, `'${visible(file)}'`)}`);
    }
    await report(catalogue, absolutePath(file), options);
  });
  for (const kind of catalogue.kinds) {
    const { command, lockOf } = addKindCommand(who, kind);
    command
      .description(`Reports who holds ${kind.TEMPLATE}.`)
      .usage(`${directoryFlag(kind, "<dir>")}[flags]`)
      .action(async () => {
        const options = who.opts<Options>();
        // On all hosts the name alone counts.
        if (options.cluster) await reportOwner(lockOf(options.directory ?? tmpdir()), options);
        else await report(catalogue, lockOf().filename, options);
      });
  }
}

async function report(
  catalogue: AnyCatalogue,
  path: string,
  { json, free }: Options,
): Promise<void> {
  using _stop = new OrderlyStop();
  requireDirectory(dirname(path));
  const [entry] = await scan([{ path, lock: catalogue.identify(path) }]);
  if (entry !== undefined && "reason" in entry && isHeld(entry) === null) {
    throw new CannotRun(`${visible(path)} is ${entry.state}: ${visible(entry.reason)}`);
  }
  const text =
    entry === undefined
      ? `Free: there is no file ${visible(path)}.`
      : describe(catalogue, entry) + nameWaiters(entry.waiters);
  print(json, entry === undefined ? null : toJson(catalogue, entry), text);
  exitWith(entry === undefined || entry.state === "free", free);
}

function describe(catalogue: AnyCatalogue, entry: Entry): string {
  const lock = nameLock(catalogue, entry);
  switch (entry.state) {
    case "held": {
      const since = entry.since === null ? "" : `, since ${nameMoment(entry.since)}`;
      return `${nameProcess(entry.holder)} holds ${lock}${since}.`;
    }
    case "shared": {
      const verb = entry.holders.length === 1 ? "shares" : "share";
      return `${entry.holders.map(nameProcess).join(", ")} ${verb} ${lock}: nobody has it exclusively.`;
    }
    case "held by unknown":
    case "unreadable": {
      const taker =
        entry.taker === null ? "" : `; by the kernel's table, ${nameProcess(entry.taker)} took it`;
      const because =
        entry.state === "unreadable"
          ? `the file is unreadable: ${visible(entry.reason)}`
          : "neither the file nor the system says who";
      return `Somebody holds ${lock}, and ${because}${taker}.`;
    }
    default:
      return `Free: nobody holds ${lock}.`;
  }
}

async function reportOwner(lock: LockFile, { json, free }: Options): Promise<void> {
  await using hosts = await openCluster();
  const owner = await hosts
    .lock(lock)
    .getOwner()
    .catch((error) => {
      throw asCannotRun(error);
    });
  let text = `Free: nobody holds ${lock} on any host.`;
  if (owner !== null) {
    const since = owner.since === null ? "" : `, since ${nameMoment(owner.since)}`;
    text = `PID ${owner.pid} on ${visible(owner.host)} holds ${lock}${since}.`;
  }
  print(json, owner, text);
  exitWith(owner === null, free);
}

function print(json: boolean | undefined, value: unknown, text: string): void {
  process.stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
}

/** With --free the two codes change places. */
function exitWith(isFree: boolean, free = false): void {
  process.exitCode = isFree === free ? WHO.held : WHO.free;
}

const HELP = `
With --cluster, a kind and its flags, but without a directory: who holds the lock on
any host. ${CLUSTER_HELP}

By the time you read it, the state may have changed: a program that must not run beside
another takes the lock. --free is for ExecCondition= of systemd, which skips a unit then.

Example:
  $ npx lock-catalogue who /var/lib/barman/.main-backup.lock
  $ npx lock-catalogue who ServerBackupLock --directory /var/lib/barman --server-name main

Exit codes:
  ${WHO.held}  held; with --free: free
  ${WHO.free}  free; with --free: held
  ${EXIT.couldNotRun}  could not find out: no such directory, not a regular file, not readable,
     wrong usage`;
