// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { DeskLock } from "./DeskLock.js";
import { IndexLock } from "./IndexLock.js";
import { ShelfLock } from "./ShelfLock.js";

export {
  DeskLock,
  IndexLock,
  ShelfLock,
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
  | DeskLock
  | IndexLock
  | ShelfLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const library: Catalogue<Lock> = new Catalogue<Lock>("library", [
  DeskLock,
  IndexLock,
  ShelfLock,
]);
