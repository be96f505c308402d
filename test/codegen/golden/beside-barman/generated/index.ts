// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { HookLock } from "./HookLock.js";
import { HooksLock } from "./HooksLock.js";

export {
  HookLock,
  HooksLock,
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
  | HookLock
  | HooksLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const hooks: Catalogue<Lock> = new Catalogue<Lock>("hooks", [
  HookLock,
  HooksLock,
]);
