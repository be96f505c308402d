// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { CommentedLock } from "./CommentedLock.js";
import { DottedLock } from "./DottedLock.js";
import { EscapedLock } from "./EscapedLock.js";
import { IdeographicLock } from "./IdeographicLock.js";
import { SlashesLock } from "./SlashesLock.js";
import { SpacedLock } from "./SpacedLock.js";

export {
  CommentedLock,
  DottedLock,
  EscapedLock,
  IdeographicLock,
  SlashesLock,
  SpacedLock,
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
  | CommentedLock
  | DottedLock
  | EscapedLock
  | IdeographicLock
  | SlashesLock
  | SpacedLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const patterns: Catalogue<Lock> = new Catalogue<Lock>("patterns", [
  CommentedLock,
  DottedLock,
  EscapedLock,
  IdeographicLock,
  SlashesLock,
  SpacedLock,
]);
