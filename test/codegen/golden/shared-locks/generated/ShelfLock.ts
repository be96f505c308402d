// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects the books of a shelf.
 *
 * File: `shelf-{shelf}.lock`, for example `shelf-history.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Readers may share it: `{ mode: "shared" }`.
 *
 * @generated from locks.yaml, kind ShelfLock
 */
export class ShelfLock extends LockFile {
  static override readonly TEMPLATE: string = "shelf-{shelf}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^shelf-(?<shelf>[a-z]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"shelf", RegExp>> = {
    shelf: /^[a-z]+$/u,
  };
  static override readonly SHARED: boolean = true;
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ShelfLock";
  readonly shelf: string;

  constructor(
    lockDirectory: string | URL,
    shelf: string,
    options?: LockFileOptions
  ) {
    super(ShelfLock.locate(lockDirectory, { shelf }), options);
    this.shelf = shelf;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ShelfLock | null {
    const read = ShelfLock.read(path, ["shelf"]);
    return read && new ShelfLock(read.lockDirectory, read.shelf);
  }
}
