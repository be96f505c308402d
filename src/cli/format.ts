import { basename } from "node:path";
import { InvalidArgumentError } from "commander";
import type { ScanEntry } from "../catalogue/scan-entry.js";
import type { LockFile } from "../lock-file.js";
import type { ProcessInfo } from "../system/process.js";
import { quoted, visible } from "../text.js";
import { type AnyCatalogue, parametersOf } from "./catalogue-option.js";

/** What a scan found of one file, of whatever catalogue. */
export type Entry = ScanEntry<LockFile>;

/** Whether the lock of a file is held, shared also; null if that cannot be told. */
export function isHeld(entry: Entry): boolean | null {
  if (entry.state === "unsafe") return null;
  if (entry.state === "unreadable") return entry.taker === null ? null : true;
  return entry.state !== "free";
}

/** A duration, in ms and as the user wrote it. */
export interface Duration {
  readonly ms: number;
  readonly text: string;
}

/**
 * A duration as people write it: a number and a unit, such as `500ms`, `1.5s`, `5m` or `2h`. A
 * number alone is refused: it could mean seconds or milliseconds.
 *
 * @throws InvalidArgumentError, which commander prints with the flag.
 */
export function parseDuration(text: string): Duration {
  const { number, unit = "" } =
    /^(?<number>\d+(?:\.\d+)?)(?<unit>ms|s|m|h)$/u.exec(text)?.groups ?? {};
  const factor = UNITS[unit];
  if (number === undefined || factor === undefined) {
    throw new InvalidArgumentError("Write a number with its unit: 500ms, 30s, 5m or 2h.");
  }
  return { ms: Number(number) * factor, text };
}

/**
 * The path of a file, which is empty if it is that of a variable of the shell that is not set.
 *
 * @throws InvalidArgumentError, which commander prints with the flag.
 */
export function parseFile(path: string): string {
  if (path === "") throw new InvalidArgumentError("It is empty: name a file.");
  return path;
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** A duration for people, in its two largest units: `2d 4h`, `5m 12s`, `0s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    `${Math.floor(seconds / 86_400)}d`,
    `${Math.floor(seconds / 3600) % 24}h`,
    `${Math.floor(seconds / 60) % 60}m`,
    `${seconds % 60}s`,
  ];
  const first = parts.findIndex((part) => !part.startsWith("0"));
  return parts
    .slice(first === -1 ? -1 : first)
    .slice(0, 2)
    .join(" ");
}

/** A lock in words: its kind with its parameters, or its file if no kind reads the name. */
export function nameLock(catalogue: AnyCatalogue, { lock, path }: Entry): string {
  if (lock === null) return `the lock file ${quoted(basename(path))}`;
  const parameters = listParameters(catalogue, lock);
  return parameters === "" ? lock.kind : `${lock.kind} ${parameters}`;
}

/** A process in words. */
export function nameProcess({ pid, command }: ProcessInfo): string {
  return command === null ? `PID ${pid}` : `PID ${pid} (${visible(command)})`;
}

/** Who waits, as a sentence more; empty if nobody does. */
export function nameWaiters(waiters: readonly ProcessInfo[]): string {
  const verb = waiters.length === 1 ? "waits" : "wait";
  return waiters.length === 0 ? "" : ` ${waiters.map(nameProcess).join(", ")} ${verb} for it.`;
}

/** A moment in local time, and how long ago it is. */
export function nameMoment(moment: Date): string {
  // Sweden writes 2026-01-31 14:05:09.
  return `${moment.toLocaleString("sv-SE")} (${formatDuration(Date.now() - moment.getTime())})`;
}

/** A file in JSON output. All keys are always there. */
export interface EntryJson {
  readonly path: string;
  readonly kind: string | null;
  readonly parameters: Readonly<Record<string, string>> | null;
  readonly state: Entry["state"];
  readonly pid: number | null;
  readonly command: string | null;
  readonly started: string | null;
  readonly since: string | null;
  readonly heldSeconds: number | null;
  readonly sharers: readonly number[] | null;
  readonly waiters: readonly number[];
  readonly taker: number | null;
  readonly reason: string | null;
}

/** The JSON of a file. Its keys are documented in `ls --help` and never change their meaning. */
export function toJson(catalogue: AnyCatalogue, entry: Entry): EntryJson {
  const { path, lock, state } = entry;
  const holder = state === "held" ? entry.holder : null;
  const since = state === "held" ? entry.since : null;
  return {
    path,
    kind: lock?.kind ?? null,
    parameters: lock && parametersOf(catalogue, lock),
    state,
    pid: holder?.pid ?? null,
    command: holder?.command ?? null,
    started: toIso(holder?.started),
    since: toIso(since),
    heldSeconds: since === null ? null : secondsSince(since),
    sharers: state === "shared" ? entry.holders.map(({ pid }) => pid) : null,
    waiters: entry.waiters.map(({ pid }) => pid),
    taker: ("taker" in entry && entry.taker?.pid) || null,
    reason: "reason" in entry ? entry.reason : null,
  };
}

/** ISO 8601 in whole seconds, which is what `fromdate` of jq reads. */
export function toIso(moment: Date | null | undefined): string | null {
  return moment?.toISOString().replace(/\.\d+Z$/u, "Z") ?? null;
}

/** Whole seconds since a moment. */
export function secondsSince(moment: Date): number {
  return Math.max(0, Math.floor((Date.now() - moment.getTime()) / 1000));
}

/** The values in the name of a lock, in template order: `serverName=main backupId=x`. */
export function listParameters(catalogue: AnyCatalogue, lock: LockFile): string {
  return joinParameters(parametersOf(catalogue, lock));
}

/** The same of values that are known. */
export function joinParameters(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(" ");
}
