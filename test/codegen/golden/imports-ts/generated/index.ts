// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.ts";
import { JobLock } from "./JobLock.ts";
import { OldLock } from "./OldLock.ts";
import { SlotLock } from "./SlotLock.ts";

export {
  JobLock,
  /** @deprecated Use JobLock instead. */
  OldLock,
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
} from "../../../../../src/index.ts";

/** Any lock of this catalogue; `kind` says which. */
export type Lock =
  | JobLock
  | OldLock
  | SlotLock;

/**
 * The jobs of a project whose TypeScript is run as it is.
 *
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const jobs: Catalogue<Lock> = new Catalogue<Lock>("jobs", [
  JobLock,
  OldLock,
  SlotLock,
]);
