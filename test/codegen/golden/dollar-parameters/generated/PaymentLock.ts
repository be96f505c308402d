// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { LockFile, type LockFileDefaults, type LockFileOptions } from "lock-catalogue";

/**
 * Protects a payment.
 *
 * File: `.${$user}-{price$}.lock`, for example `.$ada-12.lock`.
 *
 * Does not wait unless asked to: a busy lock throws `LockFileBusy` at once.
 *
 * @generated from locks.yaml, kind PaymentLock
 */
export class PaymentLock extends LockFile {
  static override readonly TEMPLATE: string = ".\u0024{$user}-{price$}.lock";
  static override readonly LOCK_PATTERN: RegExp = /^\.\$(?<$user>[a-z]+)-(?<price$>[0-9]+)\.lock$/u;
  static override readonly PARAMETERS: Readonly<Record<"$user" | "price$", RegExp>> = {
    $user: /^[a-z]+$/u,
    price$: /^[0-9]+$/u,
  };
  static override readonly DEFAULTS: LockFileDefaults = { raiseIfFail: true, wait: false };

  override readonly kind = "PaymentLock";
  /** Who pays. */
  readonly $user: string;
  readonly price$: string;

  constructor(
    lockDirectory: string | URL,
    $user: string,
    price$: string,
    options?: LockFileOptions
  ) {
    super(PaymentLock.locate(lockDirectory, { $user, price$ }), options);
    this.$user = $user;
    this.price$ = price$;
  }

  /** The lock of this kind whose file is `path`; `null` if the name is not of this kind. */
  static override buildIfMatches(path: string): PaymentLock | null {
    const read = PaymentLock.read(path, ["$user", "price$"]);
    return read && new PaymentLock(read.lockDirectory, read.$user, read.price$);
  }
}
