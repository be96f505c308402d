export { Catalogue, type LockKind } from "./catalogue.js";
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
