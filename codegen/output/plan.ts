import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import path from "node:path";
import { CannotRun } from "../cannot-run.js";
import { generatedFrom } from "../emit/header.js";
import { byCodeUnit } from "../order.js";

/** What has to happen to a file so that the directory is what the spec says. */
export interface FileState {
  /** The file's name in the output directory. */
  readonly name: string;
  /** `missing`; `stale`: not what it should be; `orphaned`: no longer of this spec; or `fresh`: as it should be. */
  readonly state: "missing" | "stale" | "orphaned" | "fresh";
  /** What is on disk; `null` if nothing is. */
  readonly before: string | null;
  /** What should be there; `null` if nothing should. */
  readonly after: string | null;
}

/**
 * Compares what should be in a directory with what is there. Only looks.
 *
 * @param links Whether links are followed, as they may be if nothing is written: in some checkouts every file
 * is a link.
 * @param specName The spec that the files come from: files of another spec in the same directory
 * are not ours to touch.
 * @throws CannotRun if the directory holds something that must not be overwritten.
 */
export function plan(
  directory: string,
  files: ReadonlyMap<string, string>,
  specName: string,
  links: "follow" | "refuse",
): readonly FileState[] {
  const present = listDirectory(directory);
  const states: FileState[] = [];
  for (const [name, after] of files) {
    const file = path.join(directory, name);
    const status = statusOf(file, links);
    const own = status && readOwn(file, status, specName);
    // A file system that ignores case has it under another name, which is an orphan.
    const before = present.has(name) ? (own ?? null) : null;
    const state = before === null ? "missing" : isSame(before, after) ? "fresh" : "stale";
    states.push({ name, state, before, after });
  }
  for (const name of present) {
    if (files.has(name) || !CANDIDATE.test(name)) continue;
    const file = path.join(directory, name);
    const before = statusOf(file, links)?.isFile() === true ? readIfOwn(file, specName) : null;
    if (before !== null) states.push({ name, state: "orphaned", before, after: null });
  }
  return states.sort((a, b) => byCodeUnit(a.name, b.name));
}

/**
 * Refuses an output directory that is a link, or that a link on the way leads out of the spec's
 * directory.
 */
export function checkDirectory(directory: string, root: string): void {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) {
    // Not there yet; what is there of the way to it must lead inside.
    checkDirectory(path.dirname(directory), root);
    return;
  }
  if (stats.isSymbolicLink() && directory !== root) {
    throw new CannotRun(
      `${directory} is a symbolic link, and the generator writes to real directories only: name the directory it leads to`,
    );
  }
  if (!stats.isDirectory() && directory !== root) {
    throw new CannotRun(
      `${directory} is not a directory: move it away, or choose another "output"`,
    );
  }
  const real = realpathSync(directory);
  const realRoot = realpathSync(root);
  if (real !== realRoot && !real.startsWith(`${realRoot}${path.sep}`)) {
    throw new CannotRun(`${directory} leads to ${real}, which is outside of ${realRoot}`);
  }
}

/** Names that the generator may have given to a file. */
const CANDIDATE = /^(?:[\w$]+|round-trip\.test)\.ts$|^LOCKS\.md$/u;

function statusOf(file: string, links: "follow" | "refuse"): Stats | undefined {
  return (links === "follow" ? statSync : lstatSync)(file, { throwIfNoEntry: false });
}

function listDirectory(directory: string): ReadonlySet<string> {
  return new Set(existsSync(directory) ? readdirSync(directory) : []);
}

/** The text of a file that is to be compared and perhaps replaced. */
function readOwn(file: string, stats: Stats, specName: string): string {
  if (stats.isSymbolicLink()) {
    throw new CannotRun(
      `${file} is a symbolic link, which the generator would replace: remove it, then run again`,
    );
  }
  if (!stats.isFile()) {
    throw new CannotRun(`${file} is in the way of a generated file: move it away, then run again`);
  }
  const text = readFileSync(file, "utf8");
  const origin = generatedFrom(text);
  if (origin === null) {
    throw new CannotRun(
      `${file} was not generated, and a generated file has to stand there: move it away, then run again`,
    );
  }
  if (origin !== specName) {
    throw new CannotRun(
      `${file} was generated from ${origin}, not from ${specName}: give each spec its own "output", or delete the file`,
    );
  }
  return text;
}

/**
 * The text of a file that this spec's generator wrote; `null` for anything else, which is left
 * alone.
 */
function readIfOwn(file: string, specName: string): string | null {
  const text = readFileSync(file, "utf8");
  return generatedFrom(text) === specName ? text : null;
}

/** Line endings and a byte order mark are the checkout's, not the generator's. */
function isSame(before: string, after: string): boolean {
  return before === after || normalize(before) === after;
}

export function normalize(text: string): string {
  return text.replace(/^\u{feff}/u, "").replaceAll("\r\n", "\n");
}
