import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { LockFile } from "../lock-file.js";
import { Pace } from "./pace.js";
import type { SeenFile } from "./scan-entry.js";

/** Which lock a path is, as a catalogue tells. */
export type Identify<L extends LockFile> = (path: string) => L | null;

/**
 * The files of a directory that have the name of a lock file: it ends in `.lock`, whoever's it is, or a
 * kind of the catalogue reads it. Sorted by name; opens none of them.
 *
 * @throws the system's error where the directory cannot be read.
 */
export async function listLockFiles<L extends LockFile>(
  identify: Identify<L>,
  directory: string,
): Promise<SeenFile<L>[]> {
  const pace = new Pace();
  const found: SeenFile<L>[] = [];
  const names = await readdir(directory);
  for (const name of names.sort()) {
    await pace.breathe();
    const path = resolve(directory, name);
    const lock = identify(path);
    if (lock !== null || name.endsWith(".lock")) found.push({ path, lock });
  }
  return found;
}
