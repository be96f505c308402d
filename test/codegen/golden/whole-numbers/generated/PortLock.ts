// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects a port.
 *
 * File: `port:{port}`, for example `port:1024`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind PortLock
 */
export class PortLock extends LockFile {
  static override readonly TEMPLATE: string = "port:{port}";
  static override readonly LOCK_PATTERN: RegExp = /^port:(?<port>1(?:0(?:2[4-9]|[3-9][0-9])|[1-9][0-9]{2})|[2-9][0-9]{3}|[1-5][0-9]{4}|6(?:[0-4][0-9]{3}|5(?:[0-4][0-9]{2}|5(?:[0-2][0-9]|3[0-5]))))$/u;
  static override readonly PARAMETERS: Readonly<Record<"port", RegExp>> = {
    port: /^(?:1(?:0(?:2[4-9]|[3-9][0-9])|[1-9][0-9]{2})|[2-9][0-9]{3}|[1-5][0-9]{4}|6(?:[0-4][0-9]{3}|5(?:[0-4][0-9]{2}|5(?:[0-2][0-9]|3[0-5]))))$/u,
  };
  static override readonly VALUES: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
    port: { min: 1024, max: 65535 },
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "PortLock";
  readonly port: number;

  constructor(
    lockDirectory: string | URL,
    port: number,
    options?: LockFileOptions
  ) {
    super(PortLock.locate(lockDirectory, { port }), options);
    this.port = port;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): PortLock | null {
    const read = PortLock.read<Pick<PortLock, "port">>(path, ["port"]);
    return read && new PortLock(read.lockDirectory, read.port);
  }
}
