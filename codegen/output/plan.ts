import {
  type Dirent,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import path from "node:path";
import { CannotRun, isCode } from "../cannot-run.js";
import { generatedFrom, testsNoted } from "../emit/header.js";
import { byCodeUnit } from "../order.js";

/** What has to happen to a file so that the directory is what the spec says. */
export interface FileState {
  /** The file's path from the output directory. */
  readonly name: string;
  /** `missing`; `stale`: not what it should be; `orphaned`: no longer of this spec; or `fresh`: as it should be. */
  readonly state: "missing" | "stale" | "orphaned" | "fresh";
  /** What is on disk; `null` if nothing is. */
  readonly before: string | null;
  /** What should be there; `null` if nothing should. */
  readonly after: string | null;
}

/** Where generated files come from and belong, and how they are looked at. */
interface Terms {
  /** The spec, as an absolute path. */
  readonly spec: string;
  /** Whether links are followed, as they may be if nothing is written: in some checkouts every file is one. */
  readonly links: "follow" | "refuse";
}

/**
 * Compares what should be in a directory with what is there. Only looks.
 *
 * Files of another spec in the same directory are not ours to touch. Files of a spec that is gone are: it was
 * renamed. What this spec has generated elsewhere is orphaned: its `output` was another one.
 *
 * @throws CannotRun if the directory holds something that must not be overwritten.
 */
export function plan(
  directory: string,
  files: ReadonlyMap<string, string>,
  terms: Terms,
): readonly FileState[] {
  const present = listDirectory(directory);
  const states: FileState[] = [];
  for (const [name, after] of files) {
    const file = path.join(directory, name);
    const folder = path.dirname(file);
    const isThere = (folder === directory ? present : listDirectory(folder)).has(
      path.basename(file),
    );
    const status = statusOf(file, terms);
    const own = status && readOwn(file, status, terms);
    // A file system that ignores case has it under another name, which is an orphan.
    const before = isThere ? (own ?? null) : null;
    const state = before === null ? "missing" : isSame(before, after) ? "fresh" : "stale";
    states.push({ name, state, before, after });
  }
  const orphan = (name: string, isOurs: (text: string, file: string) => boolean) => {
    const file = path.join(directory, name);
    if (!CANDIDATE.test(path.basename(name)) || statusOf(file, terms)?.isFile() !== true) return;
    const before = readFileSync(file, "utf8");
    if (isOurs(before, file)) states.push({ name, state: "orphaned", before, after: null });
  };
  for (const name of present) {
    if (!files.has(name)) orphan(name, (text, file) => ownerOf(text, file, terms.spec) === "ours");
  }
  const former = formerOutputs(directory, terms.spec);
  for (const folder of former) {
    for (const name of listDirectory(folder)) {
      const relative = path.relative(directory, path.join(folder, name));
      if (files.has(relative)) continue;
      orphan(relative, (text, file) => originOf(text, file) === terms.spec);
    }
  }
  for (const file of formerTests([directory, ...former], path.dirname(terms.spec))) {
    const name = path.relative(directory, file);
    if (files.has(name) || states.some((state) => state.name === name)) continue;
    orphan(name, (text) => ownerOf(text, file, terms.spec) === "ours");
  }
  return states.sort((a, b) => byCodeUnit(a.name, b.name));
}

/** The spec that a file was generated from, as an absolute path; `null` if it was not generated. */
function originOf(text: string, file: string): string | null {
  const isScript = /\.(?:d\.[cm]?ts|[cm]?js)$/u.test(file);
  const origin = generatedFrom(text, isScript ? "javascript" : "typescript");
  return origin === null ? null : path.resolve(path.dirname(file), origin);
}

/** Whose a file is: nobody else's, if it was generated from a spec that is gone. */
function ownerOf(text: string, file: string, spec: string): "ours" | "theirs" | null {
  const origin = originOf(text, file);
  if (origin === null) return null;
  return origin === spec || !existsSync(origin) ? "ours" : "theirs";
}

/**
 * Other folders below the spec's that hold what it has generated. Each output has a LOCKS.md, a name that is
 * rare enough to look for; packages, hidden folders and links are left out.
 */
function formerOutputs(directory: string, spec: string): readonly string[] {
  const found: string[] = [];
  const folders = [path.dirname(spec)];
  for (const folder of folders) {
    for (const entry of entriesOf(folder)) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith(".") && entry.name !== "node_modules") folders.push(file);
      } else if (entry.name === REFERENCE && folder !== directory && entry.isFile()) {
        if (originOf(readFileSync(file, "utf8"), file) === spec) found.push(folder);
      }
    }
  }
  return found;
}

/**
 * The tests that the references of some outputs tell of, inside the spec's folder. Tests stand anywhere, under any
 * name: they are not looked for in all the files of a project.
 */
function formerTests(outputs: readonly string[], root: string): readonly string[] {
  return outputs.flatMap((output) => {
    const reference = path.join(output, REFERENCE);
    if (statSync(reference, { throwIfNoEntry: false })?.isFile() !== true) return [];
    const noted = testsNoted(normalize(readFileSync(reference, "utf8")));
    if (noted === null) return [];
    const file = path.join(output, noted);
    const folder = path.dirname(file);
    return existsSync(folder) && isInside(folder, root) ? [file] : [];
  });
}

/** A folder that may not be read is not one that we have written. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isCode(error, "EACCES") || isCode(error, "EPERM") || isCode(error, "ENOENT")) return [];
    throw error;
  }
}

const REFERENCE = "LOCKS.md";

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
      `${directory} is not a directory: move it away, or name another directory in the spec`,
    );
  }
  if (!isInside(directory, root)) {
    throw new CannotRun(
      `${directory} leads to ${realpathSync(directory)}, which is outside of ${realpathSync(root)}`,
    );
  }
}

/** Whether a directory is the root or inside it, wherever links lead. */
function isInside(directory: string, root: string): boolean {
  const relative = path.relative(realpathSync(root), realpathSync(directory));
  return relative !== ".." && !relative.startsWith(`..${path.sep}`);
}

/** Names that the generator may have given to a file. */
const CANDIDATE = /\.m?[jt]s$|^LOCKS\.md$/u;

function statusOf(file: string, { links }: Terms): Stats | undefined {
  return (links === "follow" ? statSync : lstatSync)(file, { throwIfNoEntry: false });
}

function listDirectory(directory: string): ReadonlySet<string> {
  return new Set(existsSync(directory) ? readdirSync(directory) : []);
}

/** The text of a file that is to be compared and perhaps replaced. */
function readOwn(file: string, stats: Stats, { spec }: Terms): string {
  if (stats.isSymbolicLink()) {
    throw new CannotRun(
      `${file} is a symbolic link, which the generator would replace: remove it, then run again`,
    );
  }
  if (!stats.isFile()) {
    throw new CannotRun(`${file} is in the way of a generated file: move it away, then run again`);
  }
  const text = readFileSync(file, "utf8");
  const owner = ownerOf(text, file, spec);
  const shown = (other: string) => path.relative(path.dirname(spec), other);
  if (owner === null) {
    throw new CannotRun(
      `${file} was not generated, and a generated file belongs there: move it away, then run again`,
    );
  }
  if (owner === "theirs") {
    throw new CannotRun(
      `${file} was generated from ${shown(originOf(text, file) ?? "")}, not from ${shown(spec)}: give each spec its own "output" and "tests", or delete the file`,
    );
  }
  return text;
}

/** Line endings and a byte order mark are the checkout's, not the generator's. */
function isSame(before: string, after: string): boolean {
  return before === after || normalize(before) === after;
}

export function normalize(text: string): string {
  return text.replace(/^\u{feff}/u, "").replaceAll("\r\n", "\n");
}
