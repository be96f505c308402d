import { basename } from "node:path";
import type { ScanEntry } from "../catalogue/scan-entry.js";
import type { LockFile } from "../lock-file.js";
import type { ProcessInfo } from "../system/process.js";
import { quoted, visible } from "../text.js";
import { type AnyCatalogue, parametersOf } from "./catalogue-option.js";
import { formatDuration } from "./duration.js";
import { type Cell, layTable, type Surface } from "./table.js";

type Seen = ScanEntry<LockFile>;

/** The table of `ls`. The command comes last: it is the longest, and the one that can be cut. */
export function sightingTable(
  catalogue: AnyCatalogue,
  sightings: readonly Seen[],
  surface: Surface,
): string[] {
  const titles = ["KIND", "PARAMETERS", "STATE", "PID", "SINCE", "COMMAND"];
  const header = titles.map((text): Cell => ({ text, style: "bold" }));
  return layTable([header, ...sightings.map((seen) => row(catalogue, seen))], surface);
}

/** A lock in words: its kind with its parameters, or its file where no kind reads the name. */
export function nameLock(catalogue: AnyCatalogue, { lock, path }: Seen): string {
  if (lock === null) return `the lock file ${quoted(basename(path))}`;
  const parameters = listParameters(catalogue, lock);
  return parameters === "" ? lock.kind : `${lock.kind} ${parameters}`;
}

/** A process in words. */
export function nameProcess({ pid, command }: ProcessInfo): string {
  return command === null ? `PID ${pid}` : `PID ${pid} (${visible(command)})`;
}

/** A moment in the time of this machine, and how long ago it is. */
export function nameMoment(moment: Date): string {
  // Sweden writes 2026-01-31 14:05:09.
  return `${moment.toLocaleString("sv-SE")} (${formatDuration(Date.now() - moment.getTime())})`;
}

/** What JSON output says of a file. All keys are always there. */
export interface SightingJson {
  readonly path: string;
  readonly kind: string | null;
  readonly parameters: Readonly<Record<string, string>> | null;
  readonly state: Seen["state"];
  readonly pid: number | null;
  readonly command: string | null;
  readonly started: string | null;
  readonly since: string | null;
  readonly taker: number | null;
  readonly reason: string | null;
}

/** The shape is documented in `ls --help`, and stays. */
export function sightingJson(catalogue: AnyCatalogue, seen: Seen): SightingJson {
  const { path, lock, state } = seen;
  const holder = state === "held" ? seen.holder : null;
  return {
    path,
    kind: lock?.kind ?? null,
    parameters: lock && parametersOf(catalogue, lock),
    state,
    pid: holder?.pid ?? null,
    command: holder?.command ?? null,
    started: holder?.started?.toISOString() ?? null,
    since: (state === "held" && seen.since?.toISOString()) || null,
    taker: (state === "held by unknown" && seen.taker?.pid) || null,
    reason: "reason" in seen ? seen.reason : null,
  };
}

function row(catalogue: AnyCatalogue, seen: Seen): Cell[] {
  const { lock, path } = seen;
  const names: Cell[] =
    lock === null
      ? [{ text: "unknown", style: "dim" }, { text: quoted(basename(path)) }]
      : [{ text: lock.kind }, { text: listParameters(catalogue, lock) }];
  return [...names, ...stateCells(seen)];
}

function stateCells(seen: Seen): Cell[] {
  switch (seen.state) {
    case "free":
      return cells({ text: "free", style: "green" });
    case "held":
      return cells(
        { text: "held", style: "yellow" },
        String(seen.holder.pid),
        seen.since === null ? "" : nameMoment(seen.since),
        visible(seen.holder.command ?? ""),
      );
    case "shared":
      return cells(
        { text: "shared", style: "yellow" },
        seen.holders.map(({ pid }) => pid).join(","),
        "",
        visible(seen.holders[0]?.command ?? ""),
      );
    case "held by unknown":
      return cells(
        { text: "held by unknown", style: "yellow" },
        seen.taker === null ? "" : `${seen.taker.pid}?`,
        "",
        visible(seen.taker?.command ?? ""),
      );
    case "unsafe":
    case "unreadable":
      return cells({ text: seen.state, style: "red" }, "", "", visible(seen.reason));
  }
}

function cells(state: Cell, pid = "", since = "", command = ""): Cell[] {
  return [state, { text: pid }, { text: since }, { text: command }];
}

function listParameters(catalogue: AnyCatalogue, lock: LockFile): string {
  return Object.entries(parametersOf(catalogue, lock))
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(" ");
}
