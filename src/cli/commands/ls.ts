import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { listLockFiles, scan } from "../../catalogue/scan.js";
import type { LockFile } from "../../lock-file.js";
import type { Cluster, ClusterSighting } from "../../postgres/index.js";
import { quoted, visible } from "../../text.js";
import { type AnyCatalogue, addCatalogueOption, loadCatalogue } from "../catalogue-option.js";
import { asCannotRun, CLUSTER_HELP, openCluster } from "../cluster.js";
import { EXIT, requireDirectory } from "../exit.js";
import { type Entry, joinParameters, listParameters, nameMoment, toJson } from "../format.js";
import { type Ending, endWith, Signals } from "../signals.js";
import type { Cell } from "../table.js";

interface Options {
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly cluster?: boolean;
  readonly catalogue: string;
}

/** Declares `ls`, which lists the lock files of a directory. */
export function addListCommand(program: Command): void {
  const command = program
    .command("ls")
    .summary("list the lock files of a directory, and who holds them")
    .description(
      "Lists the lock files of a directory: kind, parameters, state, and the holder's PID, since when it " +
        "holds, and its command. Disturbs nobody: no contender loses a lock because of it.",
    )
    .argument("[directory]", "the lock directory; none with --cluster")
    .option("--cluster", "list the locks that are held on any host, at a PostgreSQL database")
    .option("--watch", "look again every second, until Ctrl-C")
    .option("--json", "print JSON; with --watch, one line of it after each change");
  addCatalogueOption(command)
    .addHelpText("after", HELP)
    .action(async (directory: string | undefined, options: Options) => {
      const { json = false, watch, cluster = false } = options;
      if (directory === undefined && !cluster) {
        command.error("error: missing required argument 'directory'");
      }
      if (directory !== undefined && cluster) {
        command.error("error: --cluster lists what is held on all hosts: leave the directory out");
      }
      if (directory !== undefined) requireDirectory(directory);
      const catalogue = await loadCatalogue(options.catalogue);
      await using hosts = cluster ? await openCluster() : null;
      const place =
        hosts === null ? inDirectory(catalogue, directory ?? "") : onAllHosts(catalogue, hosts);
      const listing = { ...place, json };
      endWith(watch ? await watchListing(listing) : await printListing(listing));
    });
}

/** What to list, and how. */
interface Listing extends Place {
  readonly json: boolean;
}

/** Where locks are: in a directory, or on all hosts. */
interface Place {
  /** For a title. */
  readonly name: string;
  /** What is there now. */
  look(): Promise<Found>;
}

interface Found {
  /** What `--json` prints of it. */
  readonly json: readonly object[];
  /** The rows of the table, with its titles. */
  readonly rows: Cell[][];
  /** What to print in place of an empty table. */
  readonly none: string;
}

function inDirectory(catalogue: AnyCatalogue, directory: string): Place {
  return {
    name: directory,
    async look() {
      const files = await listLockFiles((path) => catalogue.identify(path), directory);
      const entries = await scan(files);
      return {
        json: entries.map((entry) => toJson(catalogue, entry)),
        rows: rowsOf(catalogue, entries),
        none: `No lock files in ${visible(directory)}.`,
      };
    },
  };
}

function onAllHosts(catalogue: AnyCatalogue, hosts: Cluster): Place {
  return {
    name: "all hosts",
    async look() {
      const found = await hosts.scan(catalogue).catch((error) => {
        throw asCannotRun(error);
      });
      return {
        json: found.map(sightingJson),
        rows: sightingRows(found),
        none: "No locks are held on any host.",
      };
    },
  };
}

/** Prints what is there now. @returns the exit code. */
async function printListing(listing: Listing): Promise<number> {
  const found = await listing.look();
  print(listing.json ? [JSON.stringify(found.json, null, 2)] : await tableOf(found));
  return EXIT.fine;
}

/**
 * Shows what is there again and again: in place on a terminal; in a pipe after each change.
 *
 * @returns how the command ends, once a signal has come.
 */
async function watchListing(listing: Listing): Promise<Ending> {
  using signals = new Signals();
  const { Screen } = await import("../table.js");
  using screen = process.stdout.isTTY && !listing.json ? new Screen(process.stdout) : null;
  let last: string | undefined;
  while (signals.first === null) {
    const found = await listing.look();
    const json = JSON.stringify(found.json);
    if (screen !== null) {
      const now = new Date().toLocaleTimeString("sv-SE");
      screen.show([visible(`${listing.name}  ${now}`), "", ...(await tableOf(found))]);
    } else if (json !== last) {
      if (listing.json) print([json]);
      // An empty line between two tables.
      else print([...(last === undefined ? [] : [""]), ...(await tableOf(found))]);
    }
    last = json;
    await sleep(PERIOD_MS, undefined, { signal: signals.signal }).catch(() => {});
  }
  return signals.first === "SIGINT" ? EXIT.fine : signals.first;
}

/** Often enough for a person, and next to no work for a machine. */
const PERIOD_MS = 1000;

async function tableOf({ rows, none }: Found): Promise<readonly string[]> {
  if (rows.length === 1) return [none];
  // Loaded here, as it takes a third of the start of a command, and most print no table.
  const { layTable, surfaceOf } = await import("../table.js");
  return layTable(rows, surfaceOf(process.stdout));
}

type Sighting = ClusterSighting<LockFile>;

function sightingRows(found: readonly Sighting[]): Cell[][] {
  const titles = ["KIND", "PARAMETERS", "HOST", "PID", "SINCE", "TOKEN"];
  return [
    titles.map((text): Cell => ({ text, style: "bold" })),
    ...found.map((each) => [
      ...nameOf(each),
      { text: visible(each.host) },
      { text: String(each.pid) },
      { text: each.since === null ? "" : nameMoment(each.since) },
      { text: each.token === null ? "" : String(each.token) },
    ]),
  ];
}

function nameOf({ name, kind, parameters }: Sighting): Cell[] {
  if (name === null) return [{ text: "name unknown", style: "dim" }, { text: "" }];
  if (kind === null) return [{ text: "unknown", style: "dim" }, { text: quoted(name) }];
  return [{ text: kind }, { text: joinParameters(parameters ?? {}) }];
}

function sightingJson({ since, token, ...rest }: Sighting): object {
  return {
    ...rest,
    since: since?.toISOString() ?? null,
    token: token === null ? null : String(token),
  };
}

/** The table of `ls`. The command comes last: it is the longest cell, and the one to cut. */
export function rowsOf(catalogue: AnyCatalogue, entries: readonly Entry[]): Cell[][] {
  const titles = ["KIND", "PARAMETERS", "STATE", "PID", "SINCE", "COMMAND"];
  const header = titles.map((text): Cell => ({ text, style: "bold" }));
  return [
    header,
    ...entries.map((entry) => [...nameCells(catalogue, entry), ...stateCells(entry)]),
  ];
}

function nameCells(catalogue: AnyCatalogue, { lock, path }: Entry): Cell[] {
  return lock === null
    ? [{ text: "unknown", style: "dim" }, { text: quoted(basename(path)) }]
    : [{ text: lock.kind }, { text: listParameters(catalogue, lock) }];
}

function stateCells(entry: Entry): Cell[] {
  switch (entry.state) {
    case "free":
      return cells({ text: "free", style: "green" });
    case "held":
      return cells(
        { text: "held", style: "yellow" },
        String(entry.holder.pid),
        entry.since === null ? "" : nameMoment(entry.since),
        visible(entry.holder.command ?? ""),
      );
    case "shared":
      return cells(
        { text: "shared", style: "yellow" },
        entry.holders.map(({ pid }) => pid).join(","),
        "",
        visible(entry.holders[0]?.command ?? ""),
      );
    case "held by unknown":
      return cells(
        { text: "held by unknown", style: "yellow" },
        entry.taker === null ? "" : `${entry.taker.pid}?`,
        "",
        visible(entry.taker?.command ?? ""),
      );
    case "unsafe":
    case "unreadable":
      return cells({ text: entry.state, style: "red" }, "", "", visible(entry.reason));
  }
}

function cells(state: Cell, pid = "", since = "", command = ""): Cell[] {
  return [state, { text: pid }, { text: since }, { text: command }];
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

const HELP = `
States:
  free             nobody holds the lock; that the file exists means nothing
  held             by this PID, since it wrote the PID into the file
  held by unknown  the file does not name the holder; "1234?" is the process that
                   took the lock, by the kernel's table
  unsafe           not a regular file, and so no lock file; it was not opened
  unreadable       no permission to look

${CLUSTER_HELP}
Only what is held can be seen there. A holder that does not answer, as one that is
stopped, has no name.

JSON: an array with an object for each file, whose keys are always these:
  path        absolute path of the file
  kind        name of the kind; null if no kind of the catalogue reads the name
  parameters  its values by name, or null as well
  state       one of the above
  pid         the holder's, if the state is held; else null
  command     the holder's command line
  started     when the holder was started (ISO 8601, UTC)
  since       when the holder wrote its PID into the file (ISO 8601, UTC)
  taker       PID of the process that took a lock which is held by unknown
  reason      why it is unsafe or unreadable
With --cluster, for each lock: name, kind, parameters, host, pid, since, and token, the
fencing token as a string. What is not known, or does not apply, is null.

Example:
  $ npx lock-catalogue ls /var/lib/barman

Exit codes:
  ${EXIT.fine}  listed; also when Ctrl-C ends --watch
  ${EXIT.couldNotRun}  could not run: no such directory, not readable, wrong usage`;
