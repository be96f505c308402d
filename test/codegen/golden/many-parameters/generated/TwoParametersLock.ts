// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what takes two.
 *
 * File: `two-{third}-{aParameterWithANameThatIsReallyRatherLong}.lock`, for example
 * `two-0000-00-00-A.lock`.
 *
 * Waits for the holder unless told not to (`{ wait: false }`).
 *
 * @generated from locks.yaml, kind TwoParametersLock
 */
export class TwoParametersLock extends LockFile {
  static override readonly TEMPLATE: string = "two-{third}-{aParameterWithANameThatIsReallyRatherLong}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^two-(?<third>[0-9]{4}-[0-9]{2}-[0-9]{2})-(?<aParameterWithANameThatIsReallyRatherLong>[A-Z]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"third" | "aParameterWithANameThatIsReallyRatherLong", RegExp>> = {
    third: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u,
    aParameterWithANameThatIsReallyRatherLong: /^[A-Z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: true };

  override readonly kind = "TwoParametersLock";
  readonly third: string;
  readonly aParameterWithANameThatIsReallyRatherLong: string;

  constructor(
    lockDirectory: string | URL,
    third: string,
    aParameterWithANameThatIsReallyRatherLong: string,
    options?: LockFileOptions
  ) {
    super(TwoParametersLock.locate(lockDirectory, { third, aParameterWithANameThatIsReallyRatherLong }), options);
    this.third = third;
    this.aParameterWithANameThatIsReallyRatherLong = aParameterWithANameThatIsReallyRatherLong;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): TwoParametersLock | null {
    const read = TwoParametersLock.read(path, ["third", "aParameterWithANameThatIsReallyRatherLong"]);
    return read && new TwoParametersLock(read.lockDirectory, read.third, read.aParameterWithANameThatIsReallyRatherLong);
  }
}
