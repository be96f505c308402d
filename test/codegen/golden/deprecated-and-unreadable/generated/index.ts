// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { BlindLock } from "./BlindLock.js";
import { NewLock } from "./NewLock.js";
import { OldLock } from "./OldLock.js";
import { OlderLock } from "./OlderLock.js";
import { OldestLock } from "./OldestLock.js";

export {
  BlindLock,
  NewLock,
  /** @deprecated Use NewLock instead, which waits. */
  OldLock,
  /** @deprecated since 2.0. Use {@link NewLock}. Its files are gone with 3.0. */
  OlderLock,
  /** @deprecated Use {@link NewLock}. */
  OldestLock,
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
  | BlindLock
  | NewLock
  | OldLock
  | OlderLock
  | OldestLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const fading: Catalogue<Lock> = new Catalogue<Lock>("fading", [
  NewLock,
  OldLock,
  OlderLock,
  OldestLock,
  BlindLock,
]);
