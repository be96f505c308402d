// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects a server, in the way of old.
 *
 * File: `plain {server}`, for example `plain main`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind PlainLock
 */
export class PlainLock extends LockFile {
  static override readonly TEMPLATE: string = "plain {server}";
  static override readonly LOCK_PATTERN: RegExp = /^plain (?<server>[a-z]+)$/u;
  static override readonly PARAMETERS: Readonly<Record<"server", RegExp>> = {
    server: /^[a-z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "PlainLock";
  readonly server: string;

  constructor(
    lockDirectory: string | URL,
    server: string,
    options?: LockFileOptions
  ) {
    super(PlainLock.locate(lockDirectory, { server }), options);
    this.server = server;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): PlainLock | null {
    const read = PlainLock.read(path, ["server"]);
    return read && new PlainLock(read.lockDirectory, read.server);
  }
}
