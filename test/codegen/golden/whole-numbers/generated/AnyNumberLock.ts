// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects any number.
 *
 * File: `any{anyNumber}`, for example `any0`.
 *
 * Its names cannot be read back.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind AnyNumberLock
 */
export class AnyNumberLock extends LockFile {
  static override readonly TEMPLATE: string = "any{anyNumber}";
  static override readonly LOCK_PATTERN: null = null;
  static override readonly PARAMETERS: Readonly<Record<"anyNumber", RegExp>> = {
    anyNumber: /^(?:-(?:[1-9][0-9]{0,14}|[1-8][0-9]{15}|900(?:[0-6][0-9]{12}|7(?:0[0-9]{11}|1(?:[0-8][0-9]{10}|9(?:[0-8][0-9]{9}|9(?:[01][0-9]{8}|2(?:[0-4][0-9]{7}|5(?:[0-3][0-9]{6}|4(?:[0-6][0-9]{5}|7(?:[0-3][0-9]{4}|40(?:[0-8][0-9]{2}|9(?:[0-8][0-9]|9[01]))))))))))))|0|[1-9][0-9]{0,14}|[1-8][0-9]{15}|900(?:[0-6][0-9]{12}|7(?:0[0-9]{11}|1(?:[0-8][0-9]{10}|9(?:[0-8][0-9]{9}|9(?:[01][0-9]{8}|2(?:[0-4][0-9]{7}|5(?:[0-3][0-9]{6}|4(?:[0-6][0-9]{5}|7(?:[0-3][0-9]{4}|40(?:[0-8][0-9]{2}|9(?:[0-8][0-9]|9[01]))))))))))))$/u,
  };
  static override readonly VALUES: Readonly<Record<string, { readonly min: number; readonly max: number }>> = {
    anyNumber: { min: -9007199254740991, max: 9007199254740991 },
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "AnyNumberLock";
  readonly anyNumber: number;

  constructor(
    lockDirectory: string | URL,
    anyNumber: number,
    options?: LockFileOptions
  ) {
    super(AnyNumberLock.locate(lockDirectory, { anyNumber }), options);
    this.anyNumber = anyNumber;
  }

  /** `null` for every path: names of this kind cannot be read back. */
  static override buildIfMatches(path: string): AnyNumberLock | null {
    const read = AnyNumberLock.read<Pick<AnyNumberLock, "anyNumber">>(path, ["anyNumber"]);
    return read && new AnyNumberLock(read.lockDirectory, read.anyNumber);
  }
}
