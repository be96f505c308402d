import { existsSync } from "node:fs";
import path from "node:path";

/** The path that an annotation names for a file; `null` if the file has none in the repository. */
export type Shown = (file: string) => string | null;

/**
 * A file as annotations of a repository name it: from its root, wherever in it the command runs; `null` for a file
 * outside and for standard input, which have no place there.
 */
export function inRepository(file: string, cwd: string): string | null {
  if (file === "-") return null;
  const whole = path.resolve(cwd, file);
  let root = path.dirname(whole);
  // A work tree of its own has a file of that name.
  while (!existsSync(path.join(root, ".git"))) {
    const parent = path.dirname(root);
    if (parent === root) {
      root = path.resolve(process.env["GITHUB_WORKSPACE"] ?? cwd);
      break;
    }
    root = parent;
  }
  const relative = path.relative(root, whole);
  return relative.startsWith("..") || path.isAbsolute(relative) ? null : relative;
}
