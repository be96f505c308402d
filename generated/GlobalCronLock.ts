// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects cron from multiple executions.
 *
 * File: `.cron.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind GlobalCronLock
 */
export class GlobalCronLock extends LockFile {
  static override readonly TEMPLATE: string = ".cron.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.cron\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 0,
    before: [],
    place: "locks.yaml: locks.GlobalCronLock",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "GlobalCronLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(GlobalCronLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): GlobalCronLock | null {
    const read = GlobalCronLock.read(path, []);
    return read && new GlobalCronLock(read.lockDirectory);
  }
}
