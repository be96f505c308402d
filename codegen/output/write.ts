import { createHash, randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { CannotRun, cannotRun, isCode, isSystemError } from "../cannot-run.js";
import type { FileState } from "./plan.js";

/**
 * Makes a directory match the plan. New texts are first written next to their files, all of them; only then are
 * files deleted and the new ones renamed into place: what fails (no space, no permission) fails while every
 * old file is still there. A run that is killed leaves whole files and perhaps temporary ones, which a later
 * run removes.
 *
 * @throws CannotRun if the directory or one of the files cannot be written.
 */
export function write(directory: string, states: readonly FileState[]): void {
  const changed = states.filter(({ state }) => state !== "fresh");
  const foldersOf = (those: readonly FileState[]) => [
    ...new Set(those.map(({ name }) => path.dirname(path.join(directory, name)))),
  ];
  const goes = ({ after }: FileState) => after === null;
  for (const folder of foldersOf(changed.filter((state) => !goes(state)))) mkdir(folder);
  for (const folder of foldersOf(states.filter((state) => !goes(state)))) removeLeftovers(folder);
  for (const { name, before } of changed) {
    if (before !== null) requireWritable(path.join(directory, name));
  }
  const renames: { readonly from: string; readonly to: string }[] = [];
  try {
    for (const { name, after } of changed) {
      if (after === null) continue;
      const to = path.join(directory, name);
      const from = path.join(path.dirname(to), temporaryName(path.basename(to)));
      renames.push({ from, to });
      writeFileSync(from, after, { flag: "wx" });
      const old = lstatSync(to, { throwIfNoEntry: false });
      if (old !== undefined) keepAttributes(from, old);
    }
    // Before the new names are there: a file system that ignores case takes FooLock.ts for fooLock.ts.
    for (const { name, state } of changed) {
      // Another run may have deleted it already.
      if (state === "orphaned") rmSync(path.join(directory, name), { force: true });
    }
    for (const folder of foldersOf(changed.filter(goes))) {
      if (folder !== directory) removeIfEmpty(folder);
    }
    for (const { from, to } of renames) renameSync(from, to);
  } catch (error) {
    for (const { from } of renames) rmSync(from, { force: true });
    throw cannotRun(`cannot write to ${directory}`, error);
  }
}

/** Removes what was an output once, unless something else is in it. */
function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!isCode(error, "ENOTEMPTY") && !isCode(error, "ENOENT")) throw error;
  }
}

function mkdir(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotRun(`cannot write to ${directory}`, error);
  }
}

/** Renaming over a read-only file would work; whoever made it read-only did not want that. */
function requireWritable(file: string): void {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status !== undefined && (status.mode & 0o222) === 0) {
    throw new CannotRun(
      `${file} is read-only and not up to date: make it writable, then run again`,
    );
  }
}

/** The mode and the owner of a file that takes the place of another. */
function keepAttributes(file: string, old: Stats): void {
  const fresh = lstatSync(file);
  if (old.uid !== fresh.uid || old.gid !== fresh.gid) {
    try {
      chownSync(file, old.uid, old.gid);
    } catch (error) {
      // Only root gives files away; whoever may write here may leave them to the group of another.
      if (!isCode(error, "EPERM")) throw error;
      try {
        chownSync(file, fresh.uid, old.gid);
      } catch (inner) {
        if (!isCode(inner, "EPERM")) throw inner;
      }
    }
  }
  // After the owner, whose change clears some bits. Some file systems have one mode for all files.
  if ((old.mode ^ lstatSync(file).mode) & 0o7777) chmodSync(file, old.mode & 0o7777);
}

const TEMPORARY = /^\..+\.(?<place>[0-9a-f]{8})-(?<pid>\d+)-[0-9a-f]{8}\.lock-catalogue\.tmp$/u;

/** Names the process and where its number counts, so that another run can tell whether it is still at work. */
export function temporaryName(name: string, pid: number = process.pid): string {
  const random = randomBytes(4).toString("hex");
  return `.${name}.${HERE}-${pid}-${random}.lock-catalogue.tmp`;
}

/** Where process numbers are ours: the boot of this machine, and the PID namespace of this container. */
const HERE: string = createHash("sha256")
  .update(`${bootId()} ${namespace()}`)
  .digest("hex")
  .slice(0, 8);

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1");
  } catch {
    return hostname();
  }
}

function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** Removes what killed runs have left behind. Where that is forbidden, it does no harm. */
function removeLeftovers(directory: string): void {
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    const { place, pid } = TEMPORARY.exec(name)?.groups ?? {};
    if (pid === undefined) continue;
    const file = path.join(directory, name);
    if (place === HERE ? isAlive(Number(pid)) : !isOld(file)) continue;
    try {
      rmSync(file, { force: true });
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}

/** No run takes an hour: whoever wrote this, in another container or on another machine, has ended. */
function isOld(file: string): boolean {
  const status = lstatSync(file, { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > 3_600_000;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, "ESRCH");
  }
}
