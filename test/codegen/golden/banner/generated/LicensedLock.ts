// SPDX-License-Identifier: Apache-2.0
/* Copyright Example GmbH */
// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what has a licence.
 *
 * File: `licensed.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind LicensedLock
 */
export class LicensedLock extends LockFile {
  static override readonly TEMPLATE: string = "licensed.lock";
  static override readonly LOCK_PATTERN: RegExp = /^licensed\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<string, never>> = {};
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "LicensedLock";

  constructor(
    lockDirectory: string | URL,
    options?: LockFileOptions
  ) {
    super(LicensedLock.locate(lockDirectory, {}), options);
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): LicensedLock | null {
    const read = LicensedLock.read(path, []);
    return read && new LicensedLock(read.lockDirectory);
  }
}
