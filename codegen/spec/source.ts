import { readFileSync } from "node:fs";
import path from "node:path";
import { CannotRun, cannotRun, isCode } from "../cannot-run.js";
import type { Source } from "../model.js";

/** Which spec a command is about. */
export interface SpecOptions {
  /** The spec, relative to `cwd`. Default: `locks.yaml`. */
  readonly spec?: string;
  /** Default: the working directory of the process. */
  readonly cwd?: string;
}

/**
 * The text of a spec.
 *
 * @throws CannotRun if it cannot be read.
 */
export function readSource(file: string, cwd: string): Source {
  if (/\p{Cc}/u.test(path.basename(file))) {
    throw new CannotRun("the name of a spec cannot hold control characters: rename it");
  }
  if (file === "") throw new CannotRun("cannot read the spec: its name is empty");
  try {
    return { file, text: readFileSync(path.resolve(cwd, file), "utf8") };
  } catch (error) {
    const what = `cannot read the spec ${file}`;
    if (isCode(error, "ENOENT")) {
      throw new CannotRun(`${what}: there is no such file`, { cause: error });
    }
    if (isCode(error, "EISDIR")) {
      throw new CannotRun(`${what}: it is a directory: name the file in it`, { cause: error });
    }
    throw cannotRun(what, error);
  }
}
