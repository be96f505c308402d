import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Command, Option } from "commander";
import type { Catalogue } from "../catalogue/catalogue.js";
import type { LockFile } from "../lock-file.js";
import { codeOf } from "../system/open-file.js";
import { CannotRun, messageOf } from "./cannot-run.js";

/** Any catalogue, as the commands know it. */
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
 * Imports a generated catalogue: a path from the working directory, or a package that is installed there.
 *
 * @throws CannotRun where it cannot be imported, or exports no catalogue.
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

/** This package's own, found by the package's name: the runtime imports nothing that is generated. */
const BARMAN = "lock-catalogue/barman";

async function importModule(specifier: string): Promise<object> {
  try {
    const module: object = await import(locate(specifier));
    return module;
  } catch (cause) {
    throw new CannotRun(`cannot import the catalogue ${specifier}: ${reasonOf(cause)}`, { cause });
  }
}

/** What to import. Another package's catalogue is looked for where the user is, not where this file is. */
function locate(specifier: string): string {
  if (specifier === BARMAN) return specifier;
  const path = resolve(specifier);
  const { resolve: find } = createRequire(resolve("from-here.js"));
  try {
    return pathToFileURL(find(existsSync(path) ? path : specifier)).href;
  } catch (error) {
    // Packages may offer themselves to `import` alone; then they are found only beside this one.
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
      return "it is not JavaScript. Build it first, and name what was built.";
    default:
      return message;
  }
}

/** By what it can do and not by its class, which another installed copy of this package has too. */
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
