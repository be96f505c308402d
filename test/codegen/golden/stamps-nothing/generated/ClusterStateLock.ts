// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects the state that a node keeps in this very file.
 *
 * File: `{node}.conf`, for example `alpha.conf`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Its holder writes nothing into the file.
 *
 * @generated from locks.yaml, kind ClusterStateLock
 */
export class ClusterStateLock extends LockFile {
  static override readonly TEMPLATE: string = "{node}.conf";
  static override readonly LOCK_PATTERN: RegExp = /^(?<node>[a-z]+)\.conf$/u;
  static override readonly PARAMETERS: Readonly<Record<"node", RegExp>> = {
    node: /^[a-z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false, stamp: "none" };

  override readonly kind = "ClusterStateLock";
  readonly node: string;

  constructor(
    lockDirectory: string | URL,
    node: string,
    options?: LockFileOptions
  ) {
    super(ClusterStateLock.locate(lockDirectory, { node }), options);
    this.node = node;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ClusterStateLock | null {
    const read = ClusterStateLock.read(path, ["node"]);
    return read && new ClusterStateLock(read.lockDirectory, read.node);
  }
}
