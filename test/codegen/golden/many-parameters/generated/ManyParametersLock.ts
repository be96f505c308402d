// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "../../../../../src/index.js";

/**
 * Protects what takes five values to name.
 *
 * File:
 * `{firstParameter}-{secondParameter}-{third}-{x}-{aParameterWithANameThatIsReallyRatherLong}.lock`,
 * for example `a-a-0000-00-00-mu-A.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind ManyParametersLock
 */
export class ManyParametersLock extends LockFile {
  static override readonly TEMPLATE: string = "{firstParameter}-{secondParameter}-{third}-{x}-{aParameterWithANameThatIsReallyRatherLong}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^(?<firstParameter>[a-z]+)-(?<secondParameter>[a-z]+)-(?<third>[0-9]{4}-[0-9]{2}-[0-9]{2})-(?<x>(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau))-(?<aParameterWithANameThatIsReallyRatherLong>[A-Z]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"firstParameter" | "secondParameter" | "third" | "x" | "aParameterWithANameThatIsReallyRatherLong", RegExp>> = {
    firstParameter: /^[a-z]+$/u,
    secondParameter: /^[a-z]+$/u,
    third: /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/u,
    x: /^(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|omicron|pi|rho|sigma|tau)$/u,
    aParameterWithANameThatIsReallyRatherLong: /^[A-Z]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "ManyParametersLock";
  readonly firstParameter: string;
  readonly secondParameter: string;
  readonly third: string;
  readonly x: string;
  readonly aParameterWithANameThatIsReallyRatherLong: string;

  constructor(
    lockDirectory: string | URL,
    firstParameter: string,
    secondParameter: string,
    third: string,
    x: string,
    aParameterWithANameThatIsReallyRatherLong: string,
    options?: LockFileOptions
  ) {
    super(ManyParametersLock.locate(lockDirectory, {
      firstParameter,
      secondParameter,
      third,
      x,
      aParameterWithANameThatIsReallyRatherLong,
    }), options);
    this.firstParameter = firstParameter;
    this.secondParameter = secondParameter;
    this.third = third;
    this.x = x;
    this.aParameterWithANameThatIsReallyRatherLong = aParameterWithANameThatIsReallyRatherLong;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): ManyParametersLock | null {
    const read = ManyParametersLock.read(path, [
      "firstParameter",
      "secondParameter",
      "third",
      "x",
      "aParameterWithANameThatIsReallyRatherLong",
    ]);
    return read && new ManyParametersLock(
      read.lockDirectory,
      read.firstParameter,
      read.secondParameter,
      read.third,
      read.x,
      read.aParameterWithANameThatIsReallyRatherLong,
    );
  }
}
