// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "lock-catalogue";
import { PaymentLock } from "./PaymentLock.js";

export {
  PaymentLock,
};

export {
  LockFileBusy,
  LockFileDeadlock,
  LockFileException,
  LockFileNameError,
  LockFileNativeMissing,
  LockFileParsingError,
  LockFilePermissionDenied,
  LockFileTimeout,
  LockFileUnsafe,
  LockHeldOtherwise,
  LockLost,
  LockOutOfOrder,
  LockReleased,
  LockServerUnsuitable,
} from "lock-catalogue";

/** Any lock of this catalogue; `kind` says which. */
export type Lock =
  | PaymentLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const accounts: Catalogue<Lock> = new Catalogue<Lock>("accounts", [
  PaymentLock,
]);
