import { statSync } from "node:fs";
import { visible } from "../text.js";
import { CannotRun } from "./cannot-run.js";

/** @throws CannotRun where this is no directory: a mistyped one must not look like one without locks. */
export function requireDirectory(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) throw new CannotRun(`there is no directory ${visible(path)}`);
  if (!status.isDirectory()) throw new CannotRun(`${visible(path)} is not a directory`);
}
