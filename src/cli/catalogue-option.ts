import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { isatty } from "node:tty";
import { pathToFileURL } from "node:url";
import { type Command, Option } from "commander";
import { type Catalogue, directoriesOf } from "../catalogue/catalogue.js";
import { codeOf, messageOf } from "../errors.js";
import type { LockFile } from "../lock-file.js";
import { CannotRun, complain, requireDirectory, requireListable } from "./exit.js";

/** Any generated catalogue. */
export type AnyCatalogue = Catalogue<LockFile>;

/** The `--catalogue` flag, on every command that reads lock names. */
export function addCatalogueOption(command: Command): Command {
  return command.addOption(
    new Option(
      "--catalogue <catalogue>",
      `a spec, or a generated catalogue as a path or a package (default: ${OWN} if it is there, else Barman's)`,
    ),
  );
}

/** Which catalogue is read. */
export interface Choice {
  /** What `--catalogue` takes. */
  readonly specifier: string;
  /** For a sentence. */
  readonly name: string;
}

/** What `--catalogue` names; without it the spec in the working directory if there is one, and Barman's otherwise. */
export function chooseCatalogue(given: string | undefined): Choice {
  if (given !== undefined) return { specifier: given, name: given };
  const hasOwn = statSync(OWN, { throwIfNoEntry: false })?.isFile() ?? false;
  return hasOwn
    ? { specifier: OWN, name: OWN }
    : { specifier: BARMAN, name: `Barman's catalogue (there is no ${OWN})` };
}

/** Tells a person at the terminal whose kinds are read if the call does not say it. */
export function tellChoice(given: string | undefined): void {
  if (given === undefined && isatty(2)) complain(`kinds of ${chooseCatalogue(given).name}`);
}

/**
 * Loads a catalogue: from a spec, or a generated one, whose path is relative to the working directory, or the package
 * of which is installed there.
 *
 * @param given What `--catalogue` names, if it is there.
 * @throws CannotRun if it cannot be loaded, has problems, or exports no catalogue.
 */
export async function loadCatalogue(given: string | undefined): Promise<AnyCatalogue> {
  const { specifier } = chooseCatalogue(given);
  return SPEC.test(specifier) ? readSpec(specifier) : importCatalogue(specifier);
}

/** The spec of the project that a command is called in. */
const OWN = "./locks.yaml";

const SPEC = /\.ya?ml$/u;

/** A catalogue made from its spec: nothing has to be generated or built. */
async function readSpec(file: string): Promise<AnyCatalogue> {
  const { readKinds } = await import("./generator.js");
  const read = await readKinds(file);
  if (read.report !== "") {
    const { report: details } = read;
    throw new CannotRun(`${file} has problems: no lock is known until they are fixed`, { details });
  }
  const { catalogueOf } = await import("./spec-catalogue.js");
  return catalogueOf(read);
}

async function importCatalogue(specifier: string): Promise<AnyCatalogue> {
  const module = await importModule(specifier);
  const found = new Set(Object.values(module).filter(isCatalogue));
  const [catalogue, ...more] = found;
  if (catalogue === undefined) {
    const names = Object.keys(module).join(", ") || "nothing";
    throw new CannotRun(
      `${specifier} exports no catalogue, only ${names}. Name the generated index, built to JavaScript.`,
    );
  }
  if (more.length > 0) {
    const names = [...found].map(({ name }) => name).join(", ");
    throw new CannotRun(
      `${specifier} exports several catalogues (${names}): name a module with one.`,
    );
  }
  return catalogue;
}

/**
 * The directories to look into: the one that was given, else those of the catalogue that are there.
 *
 * @param command Complains if there are none.
 * @throws CannotRun if none of them is there, or this user may not list one.
 */
export function directoriesFor(
  { kinds }: AnyCatalogue,
  given: string | undefined,
  command: Command,
): readonly string[] {
  const known = given === undefined ? directoriesOf(kinds) : [given];
  const [first] = known;
  if (first === undefined) return command.error("error: missing required argument 'directory'");
  const there = known.filter((path) => existsSync(path));
  if (there.length === 0) requireDirectory(first);
  for (const path of there) requireListable(path);
  return there;
}

/** The values in a lock's name, in template order. */
export function parametersOf(
  { kinds }: AnyCatalogue,
  lock: LockFile,
): Readonly<Record<string, string>> {
  const kind = kinds.find(({ name }) => name === lock.kind);
  const names = Object.keys(kind?.PARAMETERS ?? {});
  return Object.fromEntries(names.map((name) => [name, String(Reflect.get(lock, name))]));
}

/** This package's own, by the package's name: src/ imports nothing that is generated. */
const BARMAN = "lock-catalogue/barman";

async function importModule(specifier: string): Promise<object> {
  try {
    const module: object = await import(locate(specifier));
    return module;
  } catch (cause) {
    throw new CannotRun(`cannot import the catalogue ${specifier}: ${reasonOf(cause)}`, { cause });
  }
}

/** What to import. Another package is resolved from the working directory, not from this file. */
function locate(specifier: string): string {
  if (specifier === BARMAN) return specifier;
  const path = resolve(specifier);
  const { resolve: find } = createRequire(resolve("from-here.js"));
  try {
    return pathToFileURL(find(existsSync(path) ? path : specifier)).href;
  } catch (error) {
    // A package may have an "import" condition only, which `require.resolve` ignores: leave it to `import`,
    // which finds it if it is installed beside this one.
    if (codeOf(error) === "ERR_PACKAGE_PATH_NOT_EXPORTED") return specifier;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  const message = messageOf(error);
  switch (codeOf(error)) {
    case "MODULE_NOT_FOUND":
    case "ERR_MODULE_NOT_FOUND":
      return `${message.split("\n")[0]}. Give a path, such as ./generated/index.js, or an installed package.`;
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return "it is not JavaScript. Build it first, and name the built file.";
    default:
      return message;
  }
}

/** By its members, not by `instanceof`: the module may use another installed copy of this package. */
function isCatalogue(value: unknown): value is AnyCatalogue {
  return (
    typeof value === "object" &&
    value !== null &&
    "kinds" in value &&
    Array.isArray(value.kinds) &&
    "identify" in value &&
    typeof value.identify === "function" &&
    "name" in value &&
    typeof value.name === "string"
  );
}
