// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects a node.
 *
 * File: `{node}.lock`, for example `a.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind NodeLock
 */
export class NodeLock extends LockFile {
  static override readonly TEMPLATE: string = "{node}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^(?<node>[a-z]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"node", RegExp>> = {
    node: /^[a-z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "NodeLock";
  readonly node: string;

  constructor(
    lockDirectory: string | URL,
    node: string,
    options?: LockFileOptions
  ) {
    super(NodeLock.locate(lockDirectory, { node }), options);
    this.node = node;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): NodeLock | null {
    const read = NodeLock.read(path, ["node"]);
    return read && new NodeLock(read.lockDirectory, read.node);
  }
}
