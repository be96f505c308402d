import { readdir } from "node:fs/promises";
import { nextTurn } from "../clock.js";
import { findHolders } from "../holder/find-holder.js";
import { describeFinding } from "../holder/lock-state.js";
import type { LockFile } from "../lock-file.js";
import { absolutePath } from "../name.js";
import { describeProcess } from "../system/process.js";
import { Turn } from "../system/sleep.js";
import type { LockPath, ScanEntry } from "./scan-entry.js";

/** Which lock a path is, as a catalogue tells. */
export type Identify<L extends LockFile> = (path: string) => L | null;

/**
 * The files of a directory that have the name of a lock file: it ends in `.lock`, whoever's it is, or a
 * kind of the catalogue reads it. Sorted by name; opens none of them.
 *
 * @throws the system's error if the directory cannot be read.
 */
export async function listLockFiles<L extends LockFile>(
  identify: Identify<L>,
  directory: string,
): Promise<LockPath<L>[]> {
  const turn = new Turn();
  const found: LockPath<L>[] = [];
  const root = absolutePath(directory);
  const names = await readdir(root);
  for (const name of names.sort()) {
    while (turn.isLong) await nextTurn();
    const path = absolutePath(`${root}/${name}`);
    const lock = identify(path);
    if (lock !== null || name.endsWith(".lock")) found.push({ path, lock });
  }
  return found;
}

/**
 * Looks at files and tells which are held, and by whom; the answers are those of `getOwnerPid`. Lets the
 * event loop run in between.
 *
 * @returns an entry for each file, in order, without those that are not there.
 * @throws LockFileNativeMissing
 */
export async function scan<L extends LockFile>(
  files: readonly LockPath<L>[],
): Promise<ScanEntry<L>[]> {
  const turn = new Turn();
  const describe = remembering(describeProcess);
  const findings = await findHolders(
    files.map(({ path }) => path),
    turn,
  );
  const entries: ScanEntry<L>[] = [];
  for (const file of files) {
    while (turn.isLong) await nextTurn();
    const finding = findings.get(file.path);
    const state = finding === undefined ? null : describeFinding(finding, describe);
    if (state !== null) entries.push({ ...file, ...state });
  }
  return entries;
}

/** One process may hold thousands of locks. */
function remembering<V>(find: (key: number) => V): (key: number) => V {
  const known = new Map<number, V>();
  return (key) => {
    const value = known.get(key) ?? find(key);
    known.set(key, value);
    return value;
  };
}
