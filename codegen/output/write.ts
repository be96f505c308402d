import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { CannotRun, cannotRun, isCode } from "../cannot-run.js";
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
  if (changed.length > 0) mkdir(directory);
  removeLeftovers(directory);
  for (const { name, before } of changed) {
    if (before !== null) requireWritable(path.join(directory, name));
  }
  const renames: { readonly from: string; readonly to: string }[] = [];
  try {
    for (const { name, after } of changed) {
      if (after === null) continue;
      const from = path.join(directory, temporaryName(name));
      renames.push({ from, to: path.join(directory, name) });
      writeFileSync(from, after, { flag: "wx" });
    }
    // Before the new names are there: a file system that ignores case takes FooLock.ts for fooLock.ts.
    for (const { name, state } of changed) {
      // Another run may have deleted it already.
      if (state === "orphaned") rmSync(path.join(directory, name), { force: true });
    }
    for (const { from, to } of renames) renameSync(from, to);
  } catch (error) {
    for (const { from } of renames) rmSync(from, { force: true });
    throw cannotRun(`cannot write to ${directory}`, error);
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

const TEMPORARY = /^\..+\.(?<pid>\d+)\.lock-catalogue\.tmp$/u;

/** Names the process, so that the next run can tell a leftover from the work of a run beside it. */
function temporaryName(name: string): string {
  return `.${name}.${process.pid}.lock-catalogue.tmp`;
}

function removeLeftovers(directory: string): void {
  for (const name of existsSync(directory) ? readdirSync(directory) : []) {
    const pid = TEMPORARY.exec(name)?.groups?.["pid"];
    if (pid === undefined || (Number(pid) !== process.pid && isAlive(Number(pid)))) continue;
    rmSync(path.join(directory, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, "ESRCH");
  }
}
