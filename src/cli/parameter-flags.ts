import { Option } from "commander";
import type { LockKind } from "../catalogue/catalogue.js";
import type { LockFile } from "../lock-file.js";

/**
 * The flags for the parameters of a kind, in template order: `serverName` becomes `--server-name`. A flag
 * that is taken already gets `lock-` in front.
 *
 * @param taken The flags of the command itself, such as `--directory`.
 */
export function parameterFlags(
  { PARAMETERS }: LockKind<LockFile>,
  taken: Iterable<string>,
): Option[] {
  const flags = new Set(taken);
  return Object.entries(PARAMETERS).map(([parameter, pattern]) => {
    const flag = freeFlag(parameter, flags);
    flags.add(flag);
    return new Option(`${flag} <value>`, describe(pattern));
  });
}

function freeFlag(parameter: string, taken: ReadonlySet<string>): string {
  const word = parameter
    .replaceAll("_", "-")
    .replace(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})/gu, "-")
    .toLowerCase()
    .replace(/^-+/u, "");
  // Commander reads --no-… as the negation of another flag.
  let candidates = [word.startsWith("no-") ? `lock-${word}` : word, `lock-${word}`, parameter];
  for (;;) {
    const free = candidates.map((name) => `--${name}`).find((flag) => !taken.has(flag));
    if (free !== undefined) return free;
    candidates = candidates.map((name) => `lock-${name}`);
  }
}

/** The pattern of a parameter without one of its own, which takes any part of a file name, is left out. */
function describe({ source }: RegExp): string {
  return source === "^[^/]+$" ? "part of the file's name" : `part of the file's name: ${source}`;
}
