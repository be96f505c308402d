// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Held by archive-push and archive-get while they run asynchronously, and by the commands on
 * stanzas.
 *
 * File: `{stanza}-archive.lock`, for example `main-archive.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * Its holder writes nothing into the file.
 *
 * @generated from locks.yaml, kind ArchiveLock
 */
export class ArchiveLock extends LockFile {
  static override readonly TEMPLATE: string = "{stanza}-archive.lock";
  static override readonly LOCK_PATTERN: RegExp = /^(?<stanza>[^/]+)-archive\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"stanza", RegExp>> = {
    stanza: /^[^/]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false, stamp: "none" };

  override readonly kind = "ArchiveLock";
  /** Name of the stanza, as in pgBackRest's configuration. */
  readonly stanza: string;

  constructor(
    lockDirectory: string | URL,
    stanza: string,
    options?: LockFileOptions
  ) {
    super(ArchiveLock.locate(lockDirectory, { stanza }), options);
    this.stanza = stanza;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ArchiveLock | null {
    const read = ArchiveLock.read(path, ["stanza"]);
    return read && new ArchiveLock(read.lockDirectory, read.stanza);
  }
}
