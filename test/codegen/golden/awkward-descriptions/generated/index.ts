// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { AwkwardLock } from "./AwkwardLock.js";
import { DollarLock } from "./DollarLock.js";
import { QuotedLock } from "./QuotedLock.js";

export {
  AwkwardLock,
  DollarLock,
  QuotedLock,
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
} from "../../../../../src/index.js";

/** Any lock of this catalogue; `kind` says which. */
export type Lock =
  | AwkwardLock
  | DollarLock
  | QuotedLock;

/**
 * Ends comments *\/ and `code` and ${templates} in a | table <b>at once</b>.
 *
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const awkward: Catalogue<Lock> = new Catalogue<Lock>("awkward", [
  AwkwardLock,
  DollarLock,
  QuotedLock,
]);
