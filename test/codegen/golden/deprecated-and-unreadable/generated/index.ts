// Generated from ../locks.yaml by `lock-catalogue generate`.
// Do not edit: change ../locks.yaml and run `npx lock-catalogue generate` in its folder.
import { Catalogue } from "../../../../../src/index.js";
import { BlindLock } from "./BlindLock.js";
import { NewLock } from "./NewLock.js";
import { OldLock } from "./OldLock.js";

export {
  BlindLock,
  NewLock,
  /** @deprecated Use NewLock instead, which waits. */
  OldLock,
};

/** Any lock of this catalogue; `kind` says which. */
export type Lock =
  | BlindLock
  | NewLock
  | OldLock;

/**
 * The kinds are listed in the order in which a name is read: the most specific first.
 */
export const fading: Catalogue<Lock> = new Catalogue<Lock>("fading", [
  NewLock,
  OldLock,
  BlindLock,
]);
