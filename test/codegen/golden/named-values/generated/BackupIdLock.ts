// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects a backup.
 *
 * File: `{server}-{backup}.lock`, for example `main-20260101T120000.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind BackupIdLock
 */
export class BackupIdLock extends LockFile {
  static override readonly TEMPLATE: string = "{server}-{backup}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^(?<server>[a-z]+)-(?<backup>[0-9]+T[0-9]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"server" | "backup", RegExp>> = {
    server: /^[a-z]+$/u,
    backup: /^[0-9]+T[0-9]+$/u,
  };
  static override readonly NAMED: boolean = true;
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "BackupIdLock";
  readonly server: string;
  readonly backup: string;

  constructor(
    lockDirectory: string | URL,
    values: Pick<BackupIdLock, "server" | "backup">,
    options?: LockFileOptions
  ) {
    super(BackupIdLock.locate(lockDirectory, values), options);
    this.server = values.server;
    this.backup = values.backup;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): BackupIdLock | null {
    const read = BackupIdLock.read(path, ["server", "backup"]);
    return read && new BackupIdLock(read.lockDirectory, read);
  }
}
