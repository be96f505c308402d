// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Held by backup, expire and the commands on stanzas.
 *
 * File: `{stanza}-backup.lock`, for example `main-backup.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Its holder writes nothing into the file.
 *
 * @generated from locks.yaml, kind BackupLock
 */
export class BackupLock extends LockFile {
  static override readonly TEMPLATE: string = "{stanza}-backup.lock";
  static override readonly LOCK_PATTERN: RegExp = /^(?<stanza>[^/]+)-backup\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"stanza", RegExp>> = {
    stanza: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false, stamp: "none" };

  override readonly kind = "BackupLock";
  /** Name of the stanza, as in pgBackRest's configuration. */
  readonly stanza: string;

  constructor(
    lockDirectory: string | URL,
    stanza: string,
    options?: LockFileOptions
  ) {
    super(BackupLock.locate(lockDirectory, { stanza }), options);
    this.stanza = stanza;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): BackupLock | null {
    const read = BackupLock.read(path, ["stanza"]);
    return read && new BackupLock(read.lockDirectory, read.stanza);
  }
}
