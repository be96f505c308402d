import { createRequire } from "node:module";
import path from "node:path";
import { CannotRun } from "../cannot-run.js";
import type { Source } from "../model.js";
import { isPath } from "./check-locations.js";
import { readSource } from "./source.js";

/** The text of a spec beside another; or why there is none, as the end of a sentence. */
export type ReadBeside = (specifier: string) => Source | { readonly fault: string };

/**
 * Reads the specs beside a spec: by a path relative to it, or `locks.yaml` of a package as Node.js finds it from there,
 * so that a package says in its `exports` where that is.
 */
export function besideOf(file: string, cwd: string): ReadBeside {
  const own = path.resolve(cwd, file);
  return (specifier) => {
    const found = isPath(specifier)
      ? path.resolve(path.dirname(own), specifier)
      : specOfPackage(specifier, own);
    if (found === null) {
      return {
        fault: `no package here has a "${specOf(specifier)}"; a path begins with "./" or "../"`,
      };
    }
    if (found === own) return { fault: "it is this spec itself" };
    try {
      return readSource(path.relative(cwd, found), cwd);
    } catch (error) {
      if (error instanceof CannotRun) return { fault: error.message };
      throw error;
    }
  };
}

/** What a package is asked for: the spec by its own name, or the one of an entry point. */
function specOf(specifier: string): string {
  return /\.ya?ml$/u.test(specifier) ? specifier : `${specifier}/locks.yaml`;
}

function specOfPackage(specifier: string, own: string): string | null {
  try {
    return createRequire(own).resolve(specOf(specifier));
  } catch {
    // Not installed, or its exports have none.
    return null;
  }
}
