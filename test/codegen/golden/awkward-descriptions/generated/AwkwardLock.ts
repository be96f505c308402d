// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * *\/ alert(1) /* is text.
 *
 * \@deprecated is text too, ${so} is this, and `this` | that.
 *
 * File: `$&-{thing}.lock`, for example `$&-a b.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind AwkwardLock
 */
export class AwkwardLock extends LockFile {
  static override readonly TEMPLATE: string = "$&-{thing}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\$&-(?<thing>[^/]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"thing", RegExp>> = {
    thing: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "AwkwardLock";
  /**
   * *\/ \@deprecated is not meant ``` here, and a description that goes on and on so long that it has
   * to be wrapped.
   */
  readonly thing: string;

  constructor(
    lockDirectory: string | URL,
    thing: string,
    options?: LockFileOptions
  ) {
    super(AwkwardLock.locate(lockDirectory, { thing }), options);
    this.thing = thing;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): AwkwardLock | null {
    const read = AwkwardLock.read(path, ["thing"]);
    return read && new AwkwardLock(read.lockDirectory, read.thing);
  }
}
