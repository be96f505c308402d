import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import fc from "fast-check";
import { temporaryDirectory } from "./directory.js";

/** Names in a tree; a directory or a link may have each. */
export const NAMES = ["a", "b", "c"] as const;

export interface Tree {
  /** A directory for each, in the directory of an earlier one. */
  readonly directories: readonly (readonly [parent: number, name: string])[];
  /** A link for each, which leads to a directory by a relative or an absolute path. */
  readonly links: readonly (readonly [
    parent: number,
    name: string,
    to: number,
    isAbsolute: boolean,
  ])[];
}

export const TREE: fc.Arbitrary<Tree> = fc.record({
  directories: fc.array(fc.tuple(fc.nat(7), fc.constantFrom(...NAMES)), {
    minLength: 1,
    maxLength: 7,
  }),
  links: fc.array(
    fc.tuple(
      fc.nat(7),
      fc.constantFrom(...NAMES.map((name) => `${name}-link`)),
      fc.nat(7),
      fc.boolean(),
    ),
    { minLength: 1, maxLength: 5 },
  ),
});

const STEP = fc.constantFrom(...NAMES, ...NAMES.map((name) => `${name}-link`), "..", "..", ".", "");

/** Makes a tree in which each directory has a lock file of its own; returns the directories. */
function make(root: string, { directories, links }: Tree): string[] {
  const made = [root];
  for (const [parent, name] of directories) {
    const path = join(made[parent % made.length] ?? root, name);
    if (existsSync(path)) continue;
    mkdirSync(path);
    made.push(path);
  }
  for (const [parent, name, to, isAbsolute] of links) {
    const from = made[parent % made.length] ?? root;
    const target = made[to % made.length] ?? root;
    const path = join(from, name);
    if (!existsSync(path)) symlinkSync(isAbsolute ? target : relative(from, target) || ".", path);
  }
  for (const directory of made) writeFileSync(join(directory, ".cron.lock"), "");
  return made;
}

/** Which file the kernel finds at a path; null if there is none. Node.js passes it on as it is. */
export function fileAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

/** Where the steps lead. */
export interface Walked {
  /** The directories of the tree. */
  readonly made: readonly string[];
  readonly path: string;
  /** Which file the kernel finds there; null if there is none. */
  readonly inode: number | null;
}

/** Makes a tree of a directory of its own, and a path into it that the steps lead to. */
export function walk(tree: Tree, steps: readonly string[], isRelative: boolean): Walked {
  // `..` leads nowhere above it that is not ours to lock.
  const root = join(temporaryDirectory(), "1/2/3/4/5/6/7/8");
  mkdirSync(root, { recursive: true });
  const made = make(root, tree);
  let path = isRelative ? relative(process.cwd(), root) : root;
  for (const step of steps) if (existsSync(`${path}/${step}`)) path = `${path}/${step}`;
  return { made, path, inode: fileAt(`${path}/.cron.lock`) };
}

export const STEPS: fc.Arbitrary<string[]> = fc.array(STEP, { minLength: 1, maxLength: 8 });
