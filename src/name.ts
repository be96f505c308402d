import { basename, dirname, resolve } from "node:path";
import { LockFileNameError } from "./errors.js";
import { checkInteger, checkVariable, type IntegerRange, type LockDirectory } from "./options.js";
import { quoted, quotedValue } from "./text.js";

/** The longest file name, in bytes, of every common Linux file system. */
export const NAME_MAX = 255;

/**
 * Where the generated tests have the files of kinds whose spec does not say where they are. It need not exist: building
 * and reading locks touches nothing on disk.
 */
export const TEST_DIRECTORY = "/var/lock-catalogue";

/** What the value of a parameter may be if its spec says nothing: whatever a file name may hold. */
export const ANY_VALUE = "[^/]+";

/**
 * Makes a path absolute, as the kernel reads it: `link/..` is the directory above the link's target, and not the
 * one that holds the link, so `..` behind a name stays. Touches nothing on disk.
 */
export function absolutePath(path: string): string {
  if (!path.includes("..")) return resolve(path);
  const parts = path.split("/");
  const isNamed = (part: string): boolean => part !== "" && part !== "." && part !== "..";
  const first = parts.findIndex(isNamed);
  // The working directory has no links in its name, so that `..` against it is safe.
  const base = resolve(
    parts.slice(0, first === -1 ? undefined : first).join("/") ||
      (path.startsWith("/") ? "/" : "."),
  );
  if (first === -1) return base;
  const rest = parts.slice(first).filter((part) => part !== "" && part !== ".");
  return `${base === "/" ? "" : base}/${rest.join("/")}`;
}

/** What a kind says of its names; its class has these as static members. */
export interface Naming {
  readonly name: string;
  readonly TEMPLATE: string | null;
  readonly PARAMETERS: Readonly<Record<string, RegExp>>;
  readonly VALUES?: Readonly<Record<string, readonly string[] | IntegerRange>>;
}

/**
 * Where the files of a kind are, as its spec and the environment say now; null if the spec does not say.
 *
 * @throws TypeError if the environment variable is empty or relative.
 */
export function directoryOf({
  DIRECTORY = null,
}: {
  readonly DIRECTORY?: string | LockDirectory | null;
}): string | null {
  if (DIRECTORY === null || typeof DIRECTORY === "string") return DIRECTORY;
  const { [DIRECTORY.env]: value } = process.env;
  return value === undefined ? DIRECTORY.default : checkVariable(DIRECTORY.env, value);
}

/**
 * The path of a lock file: the kind's template, with the values in place of its `{parameters}`, in a directory.
 *
 * @throws LockFileNameError where a value cannot be part of a file name, or makes it too long.
 */
export function locateFile(
  { name: kind, TEMPLATE, PARAMETERS: patterns, VALUES = {} }: Naming,
  lockDirectory: string,
  values: Readonly<Record<string, string | number>>,
): string {
  const template = TEMPLATE ?? "";
  const fail = (reason: string): never => {
    throw new LockFileNameError(
      `${kind}: ${reason} (the file is ${template}).`,
      absolutePath(`${lockDirectory}/${template}`),
    );
  };
  const texts: Record<string, unknown> = { ...values };
  for (const [parameter, pattern] of Object.entries(patterns)) {
    const only = VALUES[parameter];
    if (isRange(only)) {
      texts[parameter] = checkInteger(`${parameter} of new ${kind}()`, values[parameter], only);
      continue;
    }
    const fault = findFault(values[parameter], pattern, only);
    if (fault !== null) fail(`${parameter} ${fault}`);
  }
  let name = "";
  for (const { text, parameter } of piecesOf(template)) {
    name += parameter === null ? text : (texts[parameter] ?? fail(`${parameter} is missing`));
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > NAME_MAX) {
    fail(
      `the name would have ${bytes} bytes, and a file name has at most ${NAME_MAX}: shorten a value`,
    );
  }
  if (name === "" || name === "." || name === "..") {
    fail(`the name would be "${name}", which is a directory`);
  }
  return absolutePath(`${lockDirectory}/${name}`);
}

/**
 * Reads the values back from the base name of a path.
 *
 * @returns null where the name does not match the pattern, or could not be the name of a lock file.
 */
export function readFileName<P extends string>(
  path: string,
  pattern: RegExp | null,
  parameters: readonly P[],
  values: Naming["VALUES"] = {},
): Readonly<Record<P | "lockDirectory", string | number>> | null {
  if (pattern === null) return null;
  const absolute = absolutePath(path);
  const name = possibleName(absolute);
  const match = name === null ? null : pattern.exec(name);
  if (match === null) return null;
  const read: Record<string, string | number> = { lockDirectory: dirname(absolute) };
  for (const parameter of parameters) {
    const value = match.groups?.[parameter];
    // A pattern that was written by hand may know of fewer.
    if (value === undefined) return null;
    read[parameter] = isRange(values[parameter]) ? Number(value) : value;
  }
  return read as Record<P | "lockDirectory", string | number>;
}

/**
 * The base name of a path, if it could be the name of a lock file: no pattern ever sees one that is too
 * long to be one.
 */
export function possibleName(path: string): string | null {
  const name = basename(path);
  return name.length <= NAME_MAX && Buffer.byteLength(name) <= NAME_MAX && isText(name)
    ? name
    : null;
}

interface Piece {
  readonly text: string;
  /** Whose value stands here, in place of the text. */
  readonly parameter: string | null;
}

/** A template as a row of literal texts and parameters; `{{` and `}}` are braces. */
function piecesOf(template: string): readonly Piece[] {
  let pieces = known.get(template);
  if (pieces === undefined) {
    pieces = Array.from(
      template.matchAll(/\{\{|\}\}|\{(?<parameter>[^{}]+)\}|[^{}]+/gu),
      ([text, parameter = null]) => ({
        text: text === "{{" || text === "}}" ? text.charAt(0) : text,
        parameter,
      }),
    );
    known.set(template, pieces);
  }
  return pieces;
}

/** By template: there are as many as kinds. */
const known = new Map<string, readonly Piece[]>();

/** A lone surrogate has no UTF-8: two such names would be one file. NUL ends a name. */
function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

function isRange(only: readonly string[] | IntegerRange | undefined): only is IntegerRange {
  return only !== undefined && "min" in only;
}

function findFault(
  value: unknown,
  pattern: RegExp,
  only: readonly string[] | undefined,
): string | null {
  if (typeof value !== "string")
    return `must be a string, and is ${value === null ? "null" : typeof value}`;
  if (value === "") return "is empty: a value has at least one character";
  const shown = quotedValue(value);
  if (value.includes("/"))
    return `${shown} holds a "/": the lock file would be in another directory`;
  if (value.includes("\0")) return `${shown} holds a NUL character, which ends a file name`;
  if (!value.isWellFormed()) return `${shown} holds half a surrogate pair, which is no character`;
  if (only !== undefined && !only.includes(value))
    return `${shown} is none of its values: ${only.map(quoted).join(", ")}`;
  if (!pattern.test(value))
    return `${shown} does not match ${pattern.source}, which every value of it must`;
  return null;
}
