// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects the queue.
 *
 * File: `queue.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * @generated from locks.yaml, kind QueueLock
 */
export class QueueLock extends LockFile {
  static override readonly TEMPLATE: string = "queue.lock";
  static override readonly LOCK_PATTERN: RegExp = /^queue\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: true };

  override readonly kind = "QueueLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(QueueLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): QueueLock | null {
    const read = QueueLock.read(path, []);
    return read && new QueueLock(read.lockDirectory);
  }
}
