// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects the index.
 *
 * File: `index.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * Readers may share it: `{ mode: "shared" }`.
 *
 * Its holder writes nothing into the file.
 *
 * @generated from locks.yaml, kind IndexLock
 */
export class IndexLock extends LockFile {
  static override readonly TEMPLATE: string = "index.lock";
  static override readonly LOCK_PATTERN: RegExp = /^index\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly SHARED: boolean = true;
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: true, stamp: "none" };

  override readonly kind = "IndexLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(IndexLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): IndexLock | null {
    const read = IndexLock.read(path, []);
    return read && new IndexLock(read.lockDirectory);
  }
}
