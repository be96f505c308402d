import { existsSync } from "node:fs";
import type { LockFile } from "../lock-file.js";
import { absolutePath, directoryOf, possibleName } from "../name.js";
import {
  type AcquireSyncOptions,
  checkPath,
  type IntegerRange,
  type LockDirectory,
  type LockFileDefaults,
  type LockFileRights,
} from "../options.js";
import {
  acquireAll,
  acquireAllSync,
  type LockSet,
  type SeveralOptions,
  withLocks,
} from "../several.js";
import { listLockFiles, scan } from "./scan.js";
import type { LockPath, ScanEntry } from "./scan-entry.js";
import { type Sweep, type SweepOptions, sweep } from "./sweep.js";

/** A class of locks, as the generator emits it. */
export interface LockKind<L extends LockFile> {
  /** Name of the class, which is the `kind` of its locks. */
  readonly name: string;
  /** Template of the file name, with `{parameters}`; `null` only on the base of all kinds. */
  readonly TEMPLATE: string | null;
  /** Reads a base name back: a named group per parameter. `null` where names cannot be read back. */
  readonly LOCK_PATTERN: RegExp | null;
  /** What the value of each parameter must match, in template order. */
  readonly PARAMETERS: Readonly<Record<string, RegExp>>;
  /** The only values of the parameters that have a list of them, or are whole numbers. */
  readonly VALUES?: Readonly<Record<string, readonly string[] | IntegerRange>>;
  /** Whether the constructor takes the values in one object, by name. */
  readonly NAMED?: boolean;
  /** Where the files are: always there, or unless an environment variable says otherwise; `null` if the program says. */
  readonly DIRECTORY?: string | LockDirectory | null;
  /** What a file of this kind gets when it is created; `null` for mode 0600. */
  readonly FILE?: LockFileRights | null;
  /** What locks of this kind do unless told otherwise. */
  readonly DEFAULTS: LockFileDefaults;
  /** The lock of this kind whose file is `path`; `null` where the name is not one of this kind's. */
  buildIfMatches(path: string): L | null;
}

/**
 * The lock of a kind with these values: for the package's own use, where the kind is not known to the compiler.
 *
 * @param directory `undefined` for where the spec says.
 * @param values By name.
 * @throws what the constructor throws.
 */
export function buildLock(
  kind: LockKind<LockFile>,
  directory: string | undefined,
  values: Readonly<Record<string, unknown>>,
): LockFile {
  const { name, PARAMETERS, NAMED: isNamed = false, DIRECTORY = null } = kind;
  if (typeof kind !== "function") throw new TypeError(`${name} is no class of locks`);
  const given = isNamed ? [values] : Object.keys(PARAMETERS).map((parameter) => values[parameter]);
  return Reflect.construct(
    kind,
    DIRECTORY === null ? [directory, ...given] : [...given, { directory }],
  );
}

/**
 * The directories that a spec says its kinds are in, each once; none if it does not say.
 *
 * @throws TypeError if an environment variable for one is empty or relative.
 */
export function directoriesOf(kinds: readonly LockKind<LockFile>[]): readonly string[] {
  const found = kinds.flatMap((kind) => directoryOf(kind) ?? []);
  return [...new Set(found.map(absolutePath))].sort();
}

/** The kinds of one spec together, in the order in which names are read: the most specific first. */
export class Catalogue<L extends LockFile> {
  /** Name of the catalogue, as in its spec. */
  readonly name: string;
  /** The classes, in reading order. */
  readonly kinds: readonly LockKind<L>[];

  /** Of two kinds that read a name, the one that stands first in `kinds` owns it. */
  constructor(name: string, kinds: readonly LockKind<L>[]) {
    this.name = name;
    this.kinds = kinds;
  }

  /**
   * The lock directories that the spec names, as the environment has them now, sorted; none if it names none.
   *
   * @throws TypeError if an environment variable for one is empty or relative.
   */
  get directories(): readonly string[] {
    return directoriesOf(this.kinds);
  }

  /**
   * The lock whose file is `path`, of the most specific kind that reads its name; `switch (lock.kind)`
   * narrows it. A kind with a fixed directory reads names in that one alone, written as the spec has it: links are
   * not followed. Touches nothing on disk.
   *
   * @returns null where no kind reads the name.
   */
  identify(path: string): L | null {
    const name = possibleName(absolutePath(path));
    if (name === null) return null;
    for (const kind of this.kinds) {
      // Only the kind that reads the name makes a lock of it.
      const lock = kind.LOCK_PATTERN?.test(name) ? kind.buildIfMatches(path) : null;
      if (lock !== null) return lock;
    }
    return null;
  }

  /**
   * What the lock files of a directory are, and who holds them: those of this catalogue, and every other
   * whose name ends in `.lock`. Sorted by name. Creates and changes nothing, opens nothing but regular
   * files, and makes no contender of this library fail; the event loop runs in between. By the time you
   * use it, the state may have changed.
   *
   * @param directory Without one, all directories of the spec that are there.
   * @throws the system's error where the directory cannot be read; LockFileNativeMissing.
   */
  async scan(directory?: string | URL): Promise<ScanEntry<L>[]> {
    const files: LockPath<L>[] = [];
    for (const path of this.#places("scan()", directory)) {
      for (const file of await listLockFiles((name) => this.identify(name), path)) files.push(file);
    }
    return scan(files);
  }

  /**
   * Removes the lock files of this catalogue that nobody holds or waits for. Files of other makers are
   * left alone, and so is everything that is not a regular file; nothing is ever created.
   *
   * Programs of this library notice a file that is swept away under them, and take the new one. Barman
   * does not: between its open and its lock, some µs, it can be made to lock a file that is gone, as by
   * its own clean-up. Sweep where lock files have piled up, not as a habit.
   *
   * @param directory Without one, all directories of the spec that are there.
   * @throws the system's error where the directory cannot be read; LockFileNativeMissing.
   */
  async sweep(directory?: string | URL, options?: SweepOptions): Promise<Sweep<L>> {
    return sweep((file) => this.identify(file), this.#places("sweep()", directory), options);
  }

  #places(method: string, directory: string | URL | undefined): readonly string[] {
    const known = directory === undefined ? this.directories : [];
    // One that is not there yet holds no locks.
    if (known.length > 0) return known.filter((path) => existsSync(path));
    return [checkPath(`the directory of ${method}`, directory)];
  }

  /**
   * Acquires several locks of this catalogue, all or none, in its order, runs `fn`, and releases them: the function
   * `withLocks` for these kinds.
   *
   * @returns what `fn` returns.
   * @throws as `withLocks`.
   */
  withLocks<T, const Locks extends readonly L[]>(
    locks: Locks,
    fn: (locked: boolean) => T | PromiseLike<T>,
    options?: SeveralOptions<Locks[number]>,
  ): Promise<T> {
    return withLocks(locks, fn, options);
  }

  /**
   * Takes several locks of this catalogue, all or none, in its order: the function `acquireAll` for these kinds.
   *
   * @returns the locks, to be released together; `null` only with `raiseIfFail: false`.
   * @throws as `acquireAll`.
   */
  acquireAll<const Locks extends readonly L[]>(
    locks: Locks,
    options?: SeveralOptions<Locks[number]> & { readonly raiseIfFail?: true | undefined },
  ): Promise<LockSet<Locks>>;
  /** The same with any `raiseIfFail`. */
  acquireAll<const Locks extends readonly L[]>(
    locks: Locks,
    options?: SeveralOptions<Locks[number]>,
  ): Promise<LockSet<Locks> | null>;
  acquireAll<const Locks extends readonly L[]>(
    locks: Locks,
    options?: SeveralOptions<Locks[number]>,
  ): Promise<LockSet<Locks> | null> {
    return acquireAll(locks, options);
  }

  /**
   * The same, but synchronously: **a wait stops this thread**. The function `acquireAllSync` for these kinds.
   *
   * @returns as `acquireAll`.
   * @throws as `acquireAllSync`.
   */
  acquireAllSync<const Locks extends readonly L[]>(
    locks: Locks,
    options?: AcquireSyncOptions & { readonly raiseIfFail?: true | undefined },
  ): LockSet<Locks>;
  /** The same with any `raiseIfFail`. */
  acquireAllSync<const Locks extends readonly L[]>(
    locks: Locks,
    options?: AcquireSyncOptions,
  ): LockSet<Locks> | null;
  acquireAllSync<const Locks extends readonly L[]>(
    locks: Locks,
    options?: AcquireSyncOptions,
  ): LockSet<Locks> | null {
    return acquireAllSync(locks, options);
  }
}
