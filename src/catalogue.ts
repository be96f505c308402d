import type { LockFile } from "./lock-file.js";

/** A class of locks, as the generator emits it. */
export interface LockKind<L extends LockFile> {
  readonly TEMPLATE: string | null;
  readonly LOCK_PATTERN: RegExp | null;
  readonly PARAMETERS: Readonly<Record<string, RegExp>>;
  buildIfMatches(path: string): L | null;
}

/** The kinds of one spec together, in the order in which names are read: the most specific first. */
export class Catalogue<L extends LockFile> {
  readonly name: string;
  readonly kinds: readonly LockKind<L>[];

  constructor(name: string, kinds: readonly LockKind<L>[]) {
    this.name = name;
    this.kinds = kinds;
  }

  /**
   * The lock whose file is `path`, of the most specific kind that reads its name; `switch (lock.kind)`
   * narrows it. Touches nothing on disk.
   *
   * @returns null where no kind reads the name.
   */
  identify(path: string): L | null {
    for (const kind of this.kinds) {
      const lock = kind.buildIfMatches(path);
      if (lock !== null) return lock;
    }
    return null;
  }
}
