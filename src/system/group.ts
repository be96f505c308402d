import type { SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import { readFileSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { LockFileException, LockFilePermissionDenied } from "../errors.js";
import type { LockFileRights } from "../options.js";
import { modeOf, rightsSaid, visible } from "../text.js";
import { processes } from "./helper-program.js";
import { type Making, withStandardStreams } from "./open-file.js";
import { ourselves } from "./refusal.js";

/** How a lock file is made that is to have these rights. */
export function makingOf(path: string, rights: LockFileRights): Making {
  return { rights, groupToGive: () => groupToGive(path, rights) };
}

/** Whether a file has the rights that its kind declares; not if there is no such group. */
export function hasRights(
  { mode, gid }: Stats,
  { mode: declared, group }: LockFileRights,
): boolean {
  return modeOf(mode) === modeOf(declared) && (group === undefined || gid === numberOf(group));
}

/** Looked up before there is a file: one without its group would keep out those whom it is for. */
function groupToGive(path: string, rights: LockFileRights): number | null {
  const { group } = rights;
  if (group === undefined) return null;
  const gid = numberOf(group);
  if (gid === null) {
    throw new LockFileException(
      `${visible(path)} cannot be created with ${rightsSaid(rights)}, as its catalogue says: there is no group ` +
        `${visible(String(group))} here. Add it (\`groupadd\`), or name one that is there in the spec.`,
      path,
    );
  }
  if (mayGive(gid, dirname(path))) return gid;
  throw new LockFilePermissionDenied(
    `No permission to create ${visible(path)} with ${rightsSaid(rights)}, as its catalogue says: we are ` +
      `${ourselves()}. Make this user a member of the group and log in anew, or run as one who is.`,
    path,
  );
}

/** Who owns a file gives it to their groups; in a directory with the set-group-ID bit, it has that of the directory. */
function mayGive(gid: number, directory: string): boolean {
  if (process.getegid?.() === gid || process.getgroups?.().includes(gid) === true) return true;
  if (mayGiveAny()) return true;
  const there = statSync(directory, { throwIfNoEntry: false });
  return there !== undefined && (there.mode & SET_GROUP_ID) !== 0 && there.gid === gid;
}

/** Whether we have CAP_CHOWN, which root of a container may lack. */
function mayGiveAny(): boolean {
  try {
    const status = readFileSync("/proc/thread-self/status", "latin1");
    const capabilities = /^CapEff:\s*(?<mask>[0-9a-f]+)$/mu.exec(status)?.groups?.["mask"];
    if (capabilities !== undefined) return (Number.parseInt(capabilities.slice(-1), 16) & 1) !== 0;
  } catch {
    // Without /proc, it is root who has it.
  }
  return process.geteuid?.() === 0;
}

const SET_GROUP_ID = 0o2000;

/** The number of a group; null if there is none of that name. */
function numberOf(group: string | number): number | null {
  if (typeof group === "number") return group;
  return numberIn(groupFile(), group) ?? numberIn(askSystem(group), group);
}

function numberIn(lines: string, group: string): number | null {
  const fields = lines.split("\n").map((line) => line.split(":"));
  const gid = fields.find(([name]) => name === group)?.[2];
  return gid !== undefined && /^\d+$/u.test(gid) ? Number(gid) : null;
}

function groupFile(): string {
  try {
    return readFileSync("/etc/group", "utf8");
  } catch {
    return "";
  }
}

/** Groups of a directory service are in no file. Without the program, or an answer in time, there is none. */
function askSystem(group: string): string {
  const options: SpawnSyncOptionsWithStringEncoding = {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: ANSWER_MS,
  };
  return withStandardStreams(
    () => processes().spawnSync("getent", ["group", group], options).stdout ?? "",
  );
}

const ANSWER_MS = 5_000;
