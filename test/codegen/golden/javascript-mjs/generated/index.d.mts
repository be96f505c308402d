// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../dist/src/index.js";
import { ManyLock } from "./ManyLock.mjs";

export {
  ManyLock,
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
} from "../../../../../dist/src/index.js";

/** Any lock of this catalogue; `kind` says which. */
export type Lock =
  | ManyLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export declare const modules: Catalogue<Lock>;
