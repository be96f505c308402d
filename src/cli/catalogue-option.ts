import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Command, Option } from "commander";
import type { Catalogue } from "../catalogue/catalogue.js";
import { codeOf, messageOf } from "../errors.js";
import type { LockFile } from "../lock-file.js";
import { CannotRun } from "./exit.js";

/** Any generated catalogue. */
export type AnyCatalogue = Catalogue<LockFile>;

/** The `--catalogue` flag, on every command that reads lock names. */
export function addCatalogueOption(command: Command): Command {
  return command.addOption(
    new Option("--catalogue <module>", "a generated catalogue, as a path or a package").default(
      BARMAN,
      "Barman's",
    ),
  );
}

/**
 * Imports a generated catalogue: a path, relative to the working directory, or a package installed there.
 *
 * @throws CannotRun if it cannot be imported, or exports no catalogue.
 */
export async function loadCatalogue(specifier: string): Promise<AnyCatalogue> {
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
