// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { AnyNumberLock } from "./AnyNumberLock.js";
import { OffsetLock } from "./OffsetLock.js";
import { PortLock } from "./PortLock.js";
import { SlotLock } from "./SlotLock.js";

export {
  AnyNumberLock,
  OffsetLock,
  PortLock,
  SlotLock,
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
  | AnyNumberLock
  | OffsetLock
  | PortLock
  | SlotLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const numbered: Catalogue<Lock> = new Catalogue<Lock>("numbered", [
  OffsetLock,
  PortLock,
  SlotLock,
  AnyNumberLock,
]);
