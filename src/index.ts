export type { SeenFile, Sighting } from "./catalogue/sighting.js";
export type { Sweep, SweepOptions } from "./catalogue/sweep.js";
export { Catalogue, type LockKind } from "./catalogue.js";
export { CHANNELS, type LockAcquired, type LockReleased, type LockWait } from "./channels.js";
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
} from "./errors.js";
export { LockFile } from "./lock-file.js";
export type {
  AcquireOptions,
  AcquireSyncOptions,
  LockFileDefaults,
  LockFileOptions,
} from "./options.js";
export type { ProcessInfo } from "./owner/process.js";
