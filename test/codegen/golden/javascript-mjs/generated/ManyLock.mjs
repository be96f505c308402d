// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
// @ts-nocheck: its types are in ManyLock.d.mts.
import { LockFile } from "../../../../../dist/src/index.js";

/**
 * Protects something that takes three values.
 *
 * File: `{a}-{b}-{c}.lock`, for example `a-a-0.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ManyLock
 */
export class ManyLock extends LockFile {
  static TEMPLATE = "{a}-{b}-{c}.lock";
  static LOCK_PATTERN = /^(?<a>[^/]+)-(?<b>[a-z]+)-(?<c>[0-9]+)\.lock$/u;
  static PARAMETERS = {
    a: /^[^/]+$/u,
    b: /^[a-z]+$/u,
    c: /^[0-9]+$/u,
  };
  static DEFAULTS = { raiseIfFail: true, wait: false };

  kind = "ManyLock";
  a;
  b;
  c;

  constructor(
    lockDirectory,
    a,
    b,
    c,
    options
  ) {
    super(ManyLock.locate(lockDirectory, {
      a,
      b,
      c,
    }), options);
    this.a = a;
    this.b = b;
    this.c = c;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static buildIfMatches(path) {
    const read = ManyLock.read(path, [
      "a",
      "b",
      "c",
    ]);
    return read && new ManyLock(
      read.lockDirectory,
      read.a,
      read.b,
      read.c,
    );
  }
}
