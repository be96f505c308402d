// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptionsWithDirectory } from "../../../../../src/index.js";

/**
 * Protects a session of a person.
 *
 * File: `frontend.lock`.
 *
 * Directory: `/run/packages`, unless `PACKAGES_LOCK_DIRECTORY` in the environment names another.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * @generated from locks.yaml, kind FrontendLock
 */
export class FrontendLock extends LockFile {
  static override readonly TEMPLATE: string = "frontend.lock";
  static override readonly LOCK_PATTERN: RegExp = /^frontend\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DIRECTORY: { readonly default: string; readonly env: string } = {
    default: "/run/packages",
    env: "PACKAGES_LOCK_DIRECTORY",
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: true };

  override readonly kind = "FrontendLock";

  constructor(
    options?: LockFileOptionsWithDirectory
  ) {
    super(FrontendLock.locate(options?.directory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): FrontendLock | null {
    const read = FrontendLock.read(path, []);
    return read && new FrontendLock({ directory: read.lockDirectory });
  }
}
