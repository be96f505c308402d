import { basename } from "node:path";
import { listLockFiles, scan } from "../catalogue/scan.js";
import type { LockPath } from "../catalogue/scan-entry.js";
import type { LockFile } from "../lock-file.js";
import type { Cluster, ClusterSighting } from "../postgres/index.js";
import { quoted, visible } from "../text.js";
import type { AnyCatalogue } from "./catalogue-option.js";
import { asCannotRun } from "./cluster.js";
import {
  type Entry,
  formatDuration,
  isHeld,
  joinParameters,
  listParameters,
  nameMoment,
  toIso,
  toJson,
} from "./format.js";
import type { Cell } from "./table.js";

/** Where locks are: in a directory, or on all hosts. */
export interface Place {
  readonly catalogue: AnyCatalogue;
  /** For a title, and in a sentence. */
  readonly name: string;
  readonly titles: readonly string[];
  /** The titles of the columns that can be done without on a narrow terminal, the first to go first. */
  readonly yielding: readonly string[];
  /** What is there now, sorted by name. */
  look(): Promise<Item[]>;
}

/** A lock in a list. */
export interface Item {
  /** The kind, if it is known. */
  readonly kind: string | null;
  /** Whether it is held; null if that cannot be told. */
  readonly isHeld: boolean | null;
  /** For how long (ms) it is held; if nothing tells when it was taken, for how long at most; null if nothing tells. */
  readonly age: number | null;
  /** What JSON output has of it. */
  readonly json: object;
  /** A cell for each title. */
  readonly cells: readonly Cell[];
  /** The file, if it is one. */
  readonly entry: Entry | null;
}

/** The locks of some directories. */
export function inDirectories(catalogue: AnyCatalogue, directories: readonly string[]): Place {
  return {
    catalogue,
    name: directories.map(visible).join(", "),
    titles: ["KIND", "PARAMETERS", "STATE", "PID", "WAITING", "SINCE", "COMMAND"],
    // STATE and PID are what people look for.
    yielding: ["COMMAND", "SINCE", "WAITING", "PARAMETERS", "KIND"],
    async look() {
      const files: LockPath<LockFile>[] = [];
      for (const directory of directories) {
        const found = await listLockFiles((path) => catalogue.identify(path), directory);
        for (const file of found) files.push(file);
      }
      return (await scan(files)).map((entry) => itemOf(catalogue, entry));
    },
  };
}

/** The locks that are held on any host. */
export function onAllHosts(catalogue: AnyCatalogue, hosts: Cluster): Place {
  return {
    catalogue,
    name: "all hosts",
    titles: ["KIND", "PARAMETERS", "HOST", "PID", "SINCE", "TOKEN"],
    yielding: ["TOKEN", "SINCE", "PARAMETERS", "KIND"],
    async look() {
      const found = await hosts.scan(catalogue).catch((error) => {
        throw asCannotRun(error);
      });
      return found.map(sightingItem);
    },
  };
}

/** A file in the list of a directory. */
export function itemOf(catalogue: AnyCatalogue, entry: Entry): Item {
  return {
    kind: entry.lock?.kind ?? null,
    isHeld: isHeld(entry),
    age: ageOf(entry),
    json: toJson(catalogue, entry),
    cells: [...nameCells(catalogue, entry), ...stateCells(entry)],
    entry,
  };
}

function ageOf(entry: Entry): number | null {
  const since =
    entry.state === "held"
      ? (entry.since ?? entry.holder.started)
      : "taker" in entry
        ? (entry.taker?.started ?? null)
        : null;
  return since === null ? null : Date.now() - since.getTime();
}

function nameCells(catalogue: AnyCatalogue, { lock, path }: Entry): Cell[] {
  return lock === null
    ? [{ text: "unknown", style: "dim" }, { text: quoted(basename(path)) }]
    : [{ text: lock.kind }, { text: listParameters(catalogue, lock) }];
}

function stateCells(entry: Entry): Cell[] {
  const [state, pid, since, command] = describeState(entry);
  const waiters = entry.waiters.map(({ pid: waiter }) => waiter).join(",");
  return [
    state,
    { text: pid },
    { text: waiters, short: waiters && String(entry.waiters.length) },
    momentCell(since),
    { text: visible(command ?? "") },
  ];
}

type StateCells = readonly [state: Cell, pid: string, since: Date | null, command: string | null];

function describeState(entry: Entry): StateCells {
  switch (entry.state) {
    case "free":
      return [{ text: "free", style: "green" }, "", null, null];
    case "held": {
      const { pid, command } = entry.holder;
      return [{ text: "held", style: "yellow" }, String(pid), entry.since, command];
    }
    case "shared": {
      const pids = entry.holders.map(({ pid }) => pid).join(",");
      return [{ text: "shared", style: "yellow" }, pids, null, entry.holders[0]?.command ?? null];
    }
    case "held by unknown": {
      const { taker } = entry;
      const pid = taker === null ? "" : `${taker.pid}?`;
      return [{ text: "held by unknown", style: "yellow" }, pid, null, taker?.command ?? null];
    }
    case "unreadable": {
      const pid = entry.taker === null ? "" : `${entry.taker.pid}?`;
      return [{ text: "unreadable", style: "red" }, pid, null, entry.reason];
    }
    case "unsafe":
      return [{ text: "unsafe", style: "red" }, "", null, entry.reason];
  }
}

function momentCell(moment: Date | null): Cell {
  if (moment === null) return { text: "" };
  return { text: nameMoment(moment), short: formatDuration(Date.now() - moment.getTime()) };
}

type Sighting = ClusterSighting<LockFile>;

function sightingItem(sighting: Sighting): Item {
  const { kind, host, pid, since, token } = sighting;
  return {
    kind,
    isHeld: true,
    age: since === null ? null : Date.now() - since.getTime(),
    json: { ...sighting, since: toIso(since), token: token === null ? null : String(token) },
    cells: [
      ...sightingName(sighting),
      { text: visible(host) },
      { text: String(pid) },
      momentCell(since),
      { text: token === null ? "" : String(token) },
    ],
    entry: null,
  };
}

function sightingName({ name, kind, parameters }: Sighting): Cell[] {
  if (name === null) return [{ text: "name unknown", style: "dim" }, { text: "" }];
  if (kind === null) return [{ text: "unknown", style: "dim" }, { text: quoted(name) }];
  return [{ text: kind }, { text: joinParameters(parameters ?? {}) }];
}
