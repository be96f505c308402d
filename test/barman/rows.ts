import { readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "../support/bounded.js";
import { Peer } from "../support/peer.js";
import type { Node, Site } from "./site.js";
import type { Trace } from "./trace.js";

/** A command of Barman's, and what it was seen to do. */
export interface Row {
  readonly command: string;
  /** Locks, those that are asked for while others are held as `outer → inner`; and what else it does to lock files. */
  readonly seen: readonly string[];
}

/** Runs the commands of Barman's in an order in which each has something to do. Those that this Barman lacks have no row. */
export async function measure(site: Site): Promise<readonly Row[]> {
  const rows = new Map<string, Set<string>>();
  /** Runs a command, and adds what it did to its row. */
  async function see(node: Node, command: string, ...more: readonly string[]): Promise<void> {
    const watched = site.watch(node, ...command.split(" "), ...more);
    // What it has started in the background belongs to it, but for what goes on until it is stopped.
    const rest = () =>
      watched.traces().filter(({ command }) => command !== null && !isReceiving(command));
    const isDone = () => watched.hasEnded() && rest().every(({ hasEnded }) => hasEnded);
    await until(`${command} has ended`, isDone, 90_000);
    if (watched.status() === 2) return; // A Barman that does not know the command says how it is used.
    const name = node === "passive" ? `${command}, passive node` : command;
    const seen = rows.get(name) ?? new Set();
    rows.set(name, seen);
    for (const line of watched.traces().flatMap((trace) => linesOf(trace, command))) seen.add(line);
  }

  for (const node of ["primary", "passive"] as const) await site.run(node, "check", "main");
  await see("primary", "receive-wal --create-slot main");
  await see("primary", "cron");
  await receives(site);
  await see("primary", "switch-wal --force --archive main");
  // While nobody can archive its WAL files the backup waits for them, and cron looks after it.
  const peer = Peer.ours({ untilTestFinishes: false });
  try {
    await peer.acquire(["ServerWalArchiveLock", site.directory("primary"), "main"]);
    await see("primary", "backup main");
  } finally {
    await peer.kill();
  }
  await segments(site);
  await see("primary", "cron");
  await see("primary", "check-backup main latest");
  await see("primary", "backup --wait main");
  await see("primary", "switch-wal --force main");
  await segments(site);
  await see("primary", "archive-wal main");
  for (const command of READING) await see("primary", command);
  await see("primary", "rebuild-xlogdb main");
  await see("primary", "recover main latest", join(site.folder, "recovered"));
  // It learns of the primary node, and copies one backup.
  await see("passive", "cron");
  const copied = backups(site, "passive");
  const missing = backups(site, "primary").find((backup) => !copied.includes(backup)) ?? "";
  await see("passive", "sync-backup main", missing);
  await site.run("primary", "switch-wal", "--force", "--archive", "main");
  await see("passive", "cron");
  await see("passive", "sync-wals main");
  await see("passive", "check main");
  await see("primary", "delete main oldest");
  await see("primary", "receive-wal --stop main");
  await see("primary", "receive-wal --reset main");
  const receiving = site.watch("primary", "receive-wal", "main");
  await receives(site);
  const seen = receiving.traces().flatMap((trace) => linesOf(trace, "receive-wal main"));
  rows.set("receive-wal main", new Set(seen));
  await see("primary", "terminate-process main receive-wal");
  if (!rows.has("terminate-process main receive-wal")) {
    await site.run("primary", "receive-wal", "--stop", "main");
  }
  await until("receive-wal has ended", receiving.hasEnded);
  await see("primary", "config-update", "[]");
  await see("primary", "lock-directory-cleanup");
  return [...rows].map(([command, seen]) => ({ command, seen: [...seen] }));
}

/** Those that change nothing that another one needs. */
const READING = [
  ...["check main", "status main", "list-backups main", "show-backup main latest"],
  ...["verify-backup main latest", "keep --target standalone main latest"],
  ...["keep --release main latest", "sync-info main", "check-wal-archive main"],
  "get-wal main 000000010000000000000004",
];

function isReceiving(command: string): boolean {
  return command.startsWith("receive-wal main");
}

/** What one process did, in words. */
function linesOf({ command, taken, removed, signals }: Trace, row: string): readonly string[] {
  // Who sweeps does it last, when all that it held itself is free again.
  const isSweep = removed.length > 0 && !row.startsWith("delete");
  const own = isSweep
    ? taken.slice(0, taken.findLastIndex(({ within }) => within.length > 0) + 1)
    : taken;
  const chains = own.map(({ kind, within }) => [...within, kind].join(" → "));
  // Each command on a server that streams looks whether receive-wal runs; the document says so once.
  const lines = row.startsWith("receive-wal") ? chains : chains.filter((chain) => chain !== LOOK);
  if (isSweep) lines.push("removes what is free");
  else if (removed.length > 0) lines.push("removes that of the backup");
  if (/--stop|^terminate/.test(row)) {
    const sent = signals.filter((signal) => signal !== "0");
    lines.push(...sent.map((signal) => `${signal} to the PID in the file`));
  }
  const isBackground = command !== null && command.split(" ")[0] !== row.split(" ")[0];
  return isBackground ? lines.map((line) => `in the background: ${line}`) : lines;
}

const LOOK = "ServerWalReceiveLock";

/** The backups that a node has. */
function backups(site: Site, node: Node): readonly string[] {
  const names = readdirSync(join(site.directory(node), "main/base"));
  return names.filter((name) => /^\d/.test(name));
}

/** Waits until the receive-wal that cron has started receives. */
async function receives(site: Site): Promise<void> {
  let active = false;
  const end = performance.now() + 30_000;
  while (!active) {
    if (performance.now() > end) throw new Error("receive-wal does not receive");
    const [slot] = await site.server.query("SELECT active FROM pg_replication_slots");
    active = slot?.["active"] === true;
  }
}

/** Has two whole segments come, and archives none: archive-wal leaves the newest for pg_receivewal. */
async function segments(site: Site): Promise<void> {
  for (let count = 0; count < 2; count++)
    await site.run("primary", "switch-wal", "--force", "main");
  const folder = join(site.directory("primary"), "main/streaming");
  const whole = () => readdirSync(folder).filter((name) => /^[0-9A-F]{24}$/.test(name));
  await until("two segments have come", () => whole().length >= 2);
}
