// Copyright 2026 Example
// Generated for JavaScript from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../dist/src/index.js";
import { JobLock } from "./JobLock.js";
import { OldLock } from "./OldLock.js";
import { QueueLock } from "./QueueLock.js";
import { ShopLock } from "./ShopLock.js";
import { SlotLock } from "./SlotLock.js";

export {
  JobLock,
  /** @deprecated Use JobLock instead. */
  OldLock,
  QueueLock,
  ShopLock,
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
} from "../../../../../dist/src/index.js";

/** Any lock of this catalogue; `kind` says which. */
export type Lock =
  | JobLock
  | OldLock
  | QueueLock
  | ShopLock
  | SlotLock;

/**
 * The locks of a project without a compiler.
 *
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export declare const shop: Catalogue<Lock>;
