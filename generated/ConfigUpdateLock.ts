// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions, type LockOrder } from "../src/index.js";

/**
 * Protects the configuration from multiple executions of the config-update command.
 *
 * File: `.config-update.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ConfigUpdateLock
 */
export class ConfigUpdateLock extends LockFile {
  static override readonly TEMPLATE: string = ".config-update.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.config-update\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly LOCK_ORDER: LockOrder = {
    catalogue: "barman",
    rank: 0,
    before: [],
    place: "locks.yaml: locks.ConfigUpdateLock",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ConfigUpdateLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(ConfigUpdateLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ConfigUpdateLock | null {
    const read = ConfigUpdateLock.read(path, []);
    return read && new ConfigUpdateLock(read.lockDirectory);
  }
}
