// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { CatalogueLock } from "./CatalogueLock.js";
import { OrderLock } from "./OrderLock.js";
import { ReportLock } from "./ReportLock.js";
import { StockLock } from "./StockLock.js";
import { call } from "./call.js";

export {
  CatalogueLock,
  OrderLock,
  ReportLock,
  StockLock,
  call,
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
  | CatalogueLock
  | OrderLock
  | ReportLock
  | StockLock
  | call;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const shop: Catalogue<Lock> = new Catalogue<Lock>("shop", [
  CatalogueLock,
  OrderLock,
  ReportLock,
  StockLock,
  call,
]);
