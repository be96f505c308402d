// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { ArchivesLock } from "./ArchivesLock.js";
import { DatabaseLock } from "./DatabaseLock.js";
import { FrontendLock } from "./FrontendLock.js";
import { ListsLock } from "./ListsLock.js";
import { PackageLock } from "./PackageLock.js";
import { SlotLock } from "./SlotLock.js";

export {
  ArchivesLock,
  DatabaseLock,
  FrontendLock,
  ListsLock,
  PackageLock,
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
  | ArchivesLock
  | DatabaseLock
  | FrontendLock
  | ListsLock
  | PackageLock
  | SlotLock;

/**
 * Locks in directories that the spec says.
 *
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const packages: Catalogue<Lock> = new Catalogue<Lock>("packages", [
  ArchivesLock,
  DatabaseLock,
  FrontendLock,
  ListsLock,
  // Before PackageLock, which also reads ".bash@1.lock".
  SlotLock,
  PackageLock,
]);
