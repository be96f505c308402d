// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what looks like a comment.
 *
 * File: `commented*{commented}`, for example `commented*a`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind CommentedLock
 */
export class CommentedLock extends LockFile {
  static override readonly TEMPLATE: string = "commented*{commented}";
  static override readonly LOCK_PATTERN: RegExp = /^commented\*(?<commented>[^'"`/*]+)$/u;
  static override readonly PARAMETERS: Readonly<Record<"commented", RegExp>> = {
    commented: /^[^'"`/*]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "CommentedLock";
  readonly commented: string;

  constructor(
    lockDirectory: string | URL,
    commented: string,
    options?: LockFileOptions
  ) {
    super(CommentedLock.locate(lockDirectory, { commented }), options);
    this.commented = commented;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): CommentedLock | null {
    const read = CommentedLock.read(path, ["commented"]);
    return read && new CommentedLock(read.lockDirectory, read.commented);
  }
}
