// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptionsWithDirectory } from "../../../../../src/index.js";

/**
 * Protects a version of a package.
 *
 * File: `.{name}@{slot}.lock`, for example `.bash@1.lock`.
 *
 * Directory: `/run/packages`, unless `PACKAGES_LOCK_DIRECTORY` in the environment names another.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind SlotLock
 */
export class SlotLock extends LockFile {
  static override readonly TEMPLATE: string = ".{name}@{slot}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<name>[^/]+)@(?<slot>\d+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"name" | "slot", RegExp>> = {
    name: /^[^/]+$/u,
    slot: /^\d+$/u,
  };
  static override readonly DIRECTORY: { readonly default: string; readonly env: string } = {
    default: "/run/packages",
    env: "PACKAGES_LOCK_DIRECTORY",
  };
  static override readonly NAMED: boolean = true;
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "SlotLock";
  /** Name of the package. */
  readonly name: string;
  /** Which of several versions. */
  readonly slot: string;

  constructor(
    values: Pick<SlotLock, "name" | "slot">,
    options?: LockFileOptionsWithDirectory
  ) {
    super(SlotLock.locate(options?.directory, values), options);
    this.name = values.name;
    this.slot = values.slot;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): SlotLock | null {
    const read = SlotLock.read(path, ["name", "slot"]);
    return read && new SlotLock(read, { directory: read.lockDirectory });
  }
}
