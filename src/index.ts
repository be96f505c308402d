export { Catalogue, type LockKind } from "./catalogue/catalogue.js";
export type { LockPath, ScanEntry } from "./catalogue/scan-entry.js";
export type { Sweep, SweepOptions } from "./catalogue/sweep.js";
export {
  type AcquiredMessage,
  CHANNELS,
  type DeadlockMessage,
  type FailedMessage,
  type LostMessage,
  type ReleasedMessage,
  type WaitMessage,
} from "./channels.js";
export {
  type Circle,
  type CircleMember,
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
  type LockHolder,
  LockLost,
  LockOutOfOrder,
  LockReleased,
  LockServerUnsuitable,
} from "./errors.js";
export type { LockState } from "./holder/lock-state.js";
export { LockFile } from "./lock-file.js";
export type {
  AcquireOptions,
  AcquireSyncOptions,
  IntegerRange,
  LockDirectory,
  LockFileDefaults,
  LockFileOptions,
  LockFileOptionsWithDirectory,
  LockFileRights,
  LockMode,
  Waiting,
} from "./options.js";
export type { LockOrder } from "./order.js";
export {
  acquireAll,
  acquireAllSync,
  type HostsLock,
  LockSet,
  type SeveralOptions,
  withLocks,
} from "./several.js";
export type { ProcessInfo } from "./system/process.js";
