// What is measured beside ours need not be there. Each function says what to install, or null where it is there.
import { spawnSync } from "node:child_process";

/** Debian's own, for which Debian's modules are installed; another one in PATH may hide it. */
export const PYTHON = "/usr/bin/python3";

/** A package of npm. */
export function missingPackage(name) {
  try {
    import.meta.resolve(name);
    return null;
  } catch {
    return "not installed: npm ci";
  }
}

/** A module of Debian's Python. */
export function missingModule(name) {
  const found = spawnSync(PYTHON, ["-c", `import ${name}`], { timeout: 10_000 }).status === 0;
  return found ? null : `not installed: apt-get install python3-${name}`;
}

/** The `flock` program. */
export function missingFlock() {
  const found = spawnSync("flock", ["--version"], { timeout: 10_000 }).error === undefined;
  return found ? null : "not installed: apt-get install util-linux";
}
