import path from "node:path";
import type { Problem } from "../model.js";
import { faultInName } from "./legal-text.js";
import type { SpecText } from "./read-yaml.js";
import { isMapAt, keysAt, stringAt } from "./untyped.js";

/** What the name of an environment variable is. */
export const VARIABLE: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What is wrong with the lock directories of a spec: the catalogue's, and those of its kinds. */
export function directoryProblems(spec: SpecText): readonly Problem[] {
  const kinds = keysAt(spec, ["locks"]).map((kind) => ["locks", kind, "directory"]);
  return [["directory"], ...kinds].flatMap((at) => {
    const paths = isMapAt(spec, at) ? [...at, "default"] : at;
    return [...faultsAt(spec, paths, pathFault), ...faultsAt(spec, [...at, "env"], variableFault)];
  });
}

function faultsAt(
  spec: SpecText,
  at: readonly string[],
  fault: (value: string) => string | null,
): readonly Problem[] {
  const value = stringAt(spec, at);
  const message = value === null || value === "" ? null : fault(value);
  return message === null ? [] : [{ place: spec.places.value(at), message }];
}

/** Two texts for one directory would be two directories for the proofs. */
function pathFault(directory: string): string | null {
  const fault = faultInName(directory);
  if (fault !== null) return `a lock directory cannot hold ${fault.what}`;
  if (!path.posix.isAbsolute(directory)) {
    return `the lock directory "${directory}" has to be an absolute path: programs run in different places`;
  }
  const shortest = path.posix
    .normalize(directory)
    .replace(/^\/\/+/u, "/")
    .replace(/(?<=.)\/$/u, "");
  if (shortest === directory) return null;
  return `write the lock directory "${directory}" as "${shortest}", so that it is told from others`;
}

function variableFault(name: string): string | null {
  if (VARIABLE.test(name)) return null;
  return `"${name}" is no name of an environment variable: it consists of letters, digits and "_", and does not begin with a digit`;
}
