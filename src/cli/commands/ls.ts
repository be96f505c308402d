import { spawn } from "node:child_process";
import { fstatSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import { visible } from "../../text.js";
import {
  addCatalogueOption,
  chooseCatalogue,
  directoriesFor,
  loadCatalogue,
  tellChoice,
} from "../catalogue-option.js";
import { CLUSTER_HELP, openCluster } from "../cluster.js";
import { EXIT, requireDirectory } from "../exit.js";
import { type Duration, parseDuration } from "../format.js";
import { type Item, inDirectories, onAllHosts, type Place } from "../listing.js";
import { type Ending, endWith, OrderlyStop, Signals } from "../signals.js";
import type { Cell } from "../table.js";

const FORMATS = ["table", "json", "prometheus"] as const;
const ORDERS = ["name", "kind", "age"] as const;

interface Options {
  readonly held?: boolean;
  readonly olderThan?: Duration;
  readonly sort: (typeof ORDERS)[number];
  readonly format: (typeof FORMATS)[number];
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly cluster?: boolean;
  readonly catalogue?: string;
}

/** Declares `ls`, which lists the lock files of a directory. */
export function addListCommand(program: Command): void {
  const command = program
    .command("ls")
    .summary("list the lock files of a directory, and who holds them")
    .description(
      "Lists the lock files of a directory: kind, parameters, state, the holder's PID, who waits, since when it " +
        "is held, and the holder's command. Disturbs nobody: no contender loses a lock because of it.",
    )
    .argument("[directory]", "the lock directory, if the catalogue names none; none with --cluster")
    .option("--held", "leave out those that are free")
    .addOption(
      new Option(
        "--older-than <duration>",
        "only those held for longer, such as 6h; exit as Nagios reads it",
      ).argParser(parseDuration),
    )
    .addOption(new Option("--sort <order>", "in which order").choices(ORDERS).default("name"))
    .addOption(new Option("--format <format>", "how to print").choices(FORMATS).default("table"))
    .addOption(new Option("--json", "the same as --format json").implies({ format: "json" }))
    .option("--watch", "look again every second, until Ctrl-C; in a pipe print after each change")
    .option("--cluster", "list the locks that are held on any host, at a PostgreSQL database");
  addCatalogueOption(command)
    .addHelpText("after", HELP)
    .action(async (directory: string | undefined, options: Options) => {
      const { watch, cluster = false, format } = options;
      if (directory !== undefined && cluster) {
        command.error("error: --cluster lists what is held on all hosts: leave the directory out");
      }
      const other = watch ? "--watch" : cluster ? "--cluster" : null;
      if (format === "prometheus" && other !== null) {
        command.error(`error: --format prometheus cannot be used with ${other}`);
      }
      if (directory !== undefined) requireDirectory(directory);
      const catalogue = await loadCatalogue(options.catalogue);
      if (!watch && format === "table") tellChoice(options.catalogue);
      await using hosts = cluster ? await openCluster() : null;
      const place =
        hosts === null
          ? inDirectories(catalogue, directoriesFor(catalogue, directory, command))
          : onAllHosts(catalogue, hosts);
      endWith(watch ? await watchListing(place, options) : await printListing(place, options));
    });
}

/** Prints what is there now. @returns the exit code. */
async function printListing(place: Place, options: Options): Promise<number> {
  using _stop = new OrderlyStop();
  const items = select(await place.look(), options);
  if (options.format === "prometheus") {
    const { toPrometheus } = await import("../prometheus.js");
    const entries = items.flatMap(({ entry }) => entry ?? []);
    process.stdout.write(toPrometheus(place.catalogue, entries));
  } else print(await linesOf(place, options, items, 2));
  if (options.olderThan === undefined) return EXIT.fine;
  if (items.some(({ isHeld }) => isHeld)) return EXIT.different;
  return items.length > 0 ? EXIT.couldNotRun : EXIT.fine;
}

/**
 * Shows what is there again and again: in place on a terminal; in a pipe after each change.
 *
 * @returns how the command ends, once a signal has come, or nobody reads the output any more.
 */
async function watchListing(place: Place, options: Options): Promise<Ending> {
  using signals = new Signals();
  const { Screen } = await import("../table.js");
  using reader = new Reader();
  const isScreen = process.stdout.isTTY && process.env["TERM"] !== "dumb";
  using screen = isScreen && options.format === "table" ? new Screen(process.stdout) : null;
  using _stop = screen === null ? new OrderlyStop() : null;
  const { name: kinds } = chooseCatalogue(options.catalogue);
  const signal = AbortSignal.any([signals.signal, reader.gone]);
  let last: string | undefined;
  while (!signal.aborted) {
    const items = select(await place.look(), options);
    const seen = JSON.stringify(items.map(({ json }) => ({ ...json, heldSeconds: null })));
    if (screen !== null) {
      const now = new Date().toLocaleTimeString("sv-SE");
      screen.show([
        `${place.name}  ${now}  kinds of ${visible(kinds)}`,
        "",
        ...(await linesOf(place, options, items)),
      ]);
    } else if (seen !== last) {
      // An empty line between two tables.
      if (options.format === "table" && last !== undefined) print([""]);
      print(await linesOf(place, options, items));
    }
    last = seen;
    await sleep(PERIOD_MS, undefined, { signal }).catch(() => {});
  }
  return signals.first === null || signals.first === "SIGINT" ? EXIT.fine : signals.first;
}

/** Often enough for a person, and next to no work for a machine. */
const PERIOD_MS = 1000;

/**
 * The reader of a pipe that is our output. A program learns that it is gone when it writes, and we may have nothing to
 * write for hours. GNU tail, which has the same problem, asks the kernel, and ends by SIGPIPE then.
 */
class Reader {
  readonly gone: AbortSignal;
  readonly #tail: ReturnType<typeof spawn> | null = null;

  constructor() {
    const controller = new AbortController();
    this.gone = controller.signal;
    if (!fstatSync(1).isFIFO()) return;
    const args = ["-f", `--pid=${process.pid}`, "/dev/null"];
    this.#tail = spawn("tail", args, { stdio: ["ignore", 1, "ignore"], cwd: "/" });
    // Another tail than GNU's ends at once, in another way.
    this.#tail.once("exit", (_, signal) => signal === "SIGPIPE" && controller.abort());
    this.#tail.once("error", () => {});
  }

  [Symbol.dispose](): void {
    this.#tail?.kill();
  }
}

function select(items: readonly Item[], { held, olderThan, sort }: Options): Item[] {
  return items
    .filter(({ isHeld, age, entry }) => {
      if (!held && olderThan === undefined) return true;
      // What is unreadable may be held.
      if (isHeld === false || entry?.state === "unsafe") return false;
      return olderThan === undefined || (age ?? Number.POSITIVE_INFINITY) > olderThan.ms;
    })
    .sort(COMPARE[sort]);
}

/** Items come sorted by name, and those that are equal stay so. */
const COMPARE: Readonly<Record<Options["sort"], (a: Item, b: Item) => number>> = {
  name: () => 0,
  kind: (a, b) =>
    Number(a.kind === null) - Number(b.kind === null) || compareTexts(a.kind ?? "", b.kind ?? ""),
  age: (a, b) => (b.age ?? -1) - (a.age ?? -1),
};

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

async function linesOf(
  place: Place,
  { format, held, olderThan, cluster }: Options,
  items: readonly Item[],
  indent = 0,
): Promise<readonly string[]> {
  if (format === "json") {
    const values = items.map(({ json }) => json);
    return [JSON.stringify(values, null, indent)];
  }
  const where = cluster ? "on any host" : `in ${place.name}`;
  const which = olderThan === undefined ? "" : ` for longer than ${olderThan.text}`;
  if (items.length === 0) {
    const isFiltered = held || cluster || olderThan !== undefined;
    return [`No ${isFiltered ? `locks are held${which}` : "lock files"} ${where}.`];
  }
  // Loaded here, as it takes a third of the start of a command, and most print no table.
  const { layTable, surfaceOf } = await import("../table.js");
  const header = place.titles.map((text): Cell => ({ text, style: "bold" }));
  const rows = [header, ...items.map(({ cells }) => cells)];
  const yielding = place.yielding.map((title) => place.titles.indexOf(title));
  const table = layTable(rows, surfaceOf(process.stdout), yielding);
  if (olderThan === undefined) return table;
  // Nagios shows the first line.
  const sure = items.filter(({ isHeld }) => isHeld).length;
  const unclear = items.length - sure;
  const rest = unclear === 0 ? "" : `, and ${unclear} cannot be inspected`;
  return [
    `${sure} ${sure === 1 ? "lock is" : "locks are"} held${which} ${where}${rest}.`,
    ...table,
  ];
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

const HELP = `
States:
  free             nobody holds the lock; that the file exists means nothing
  held             by this PID, since it wrote the PID into the file
  shared           by these PIDs, as by flock -s; nobody has it exclusively
  held by unknown  neither the file nor the system names the holder; "1234?" is
                   the process that took the lock, by the kernel's table
  unreadable       no permission to look; "1234?" as above. Without it, it may be free
  unsafe           not a regular file, and so no lock file; it was not opened
WAITING names the processes that wait for the lock, in the order of their queue.

--held and --older-than show what is unreadable as well. If nothing tells when a lock
was taken, it counts as held since its holder was started.

${CLUSTER_HELP}
Only what is held can be seen there. A holder that does not answer, as one that is
stopped, has no name.

JSON: an array with an object for each file, whose keys are always these:
  path         absolute path of the file
  kind         name of the kind; null if no kind of the catalogue reads the name
  parameters   its values by name, or null as well
  state        one of the above
  pid          the holder's, if the state is held; else null
  command      the holder's command line
  started      when the holder was started (ISO 8601, UTC, in seconds)
  since        when the holder wrote its PID into the file (likewise)
  heldSeconds  for how long it is held: the time from since to now
  sharers      the PIDs of those that share it
  waiters      the PIDs of those that wait for it, in order
  taker        PID of the process that took a lock which is held by unknown or unreadable
  reason       why it is unsafe or unreadable
With --cluster, for each lock: name, kind, parameters, host, pid, since, and token, the
fencing token as a string. What is not known, or does not apply, is null.

Prometheus: for the textfile collector of node_exporter, which wants a file that is
complete: ls … --format prometheus >locks.tmp && mv locks.tmp locks.prom

Example:
  $ npx lock-catalogue ls /var/lib/barman --older-than 6h

Exit codes:
  ${EXIT.fine}  listed; also when Ctrl-C ends --watch; with --older-than: none was found
  ${EXIT.different}  with --older-than: some were found
  ${EXIT.couldNotRun}  could not find out: no such directory, not readable, wrong usage; with
     --older-than also a file that is unreadable, if no other was found`;
