// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptionsWithDirectory } from "../../../../../src/index.js";

/**
 * Protects a package.
 *
 * File: `.{name}.lock`, for example `.bash.lock`.
 *
 * Directory: `/var/lib/packages`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind PackageLock
 */
export class PackageLock extends LockFile {
  static override readonly TEMPLATE: string = ".{name}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.(?<name>[^/]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"name", RegExp>> = {
    name: /^[^/]+$/u,
  };
  static override readonly DIRECTORY: string = "/var/lib/packages";
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "PackageLock";
  /** Name of the package. */
  readonly name: string;

  constructor(
    name: string,
    options?: LockFileOptionsWithDirectory
  ) {
    super(PackageLock.locate(options?.directory, { name }), options);
    this.name = name;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): PackageLock | null {
    const read = PackageLock.read(path, ["name"]);
    return read && new PackageLock(read.name, { directory: read.lockDirectory });
  }
}
