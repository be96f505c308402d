// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../../../../../src/index.js";

/**
 * Protects the telephone, by a name that Mermaid has for itself.
 *
 * File: `call.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind call
 */
export class call extends LockFile {
  static override readonly TEMPLATE: string = "call.lock";
  static override readonly LOCK_PATTERN: RegExp = /^call\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "shop",
    rank: 3,
    before: [],
    place: "locks.yaml: locks.call",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "call";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(call.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): call | null {
    const read = call.read(path, []);
    return read && new call(read.lockDirectory);
  }
}
