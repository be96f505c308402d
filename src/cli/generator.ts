import { type Command, Option } from "commander";
import type * as Reader from "../../codegen/in-memory.js";
import type * as Generator from "../../codegen/index.js";
import { codeOf, messageOf } from "../errors.js";
import { CannotRun, complain, EXIT } from "./exit.js";

// Plain strings, not literals: importing the generator's path would make its optional
// dependencies part of every start, and the compiler resolves literals.
const GENERATOR: string = "lock-catalogue/codegen";
const READER: string = "#in-memory";

/**
 * Loads the generator, by the package's own name and only when a command needs it: an install with
 * `--omit=optional` has every other command.
 *
 * @throws CannotRun if its packages are not installed; the message says how to install them.
 */
export function loadGenerator(): Promise<typeof Generator> {
  return load(GENERATOR, "");
}

/**
 * The kinds of a spec. Loads the part of the generator that reads it, a third of the whole.
 *
 * @throws CannotRun if the spec cannot be read, or that part's packages are not installed.
 */
export async function readKinds(file: string): Promise<Reader.InMemory> {
  const reader: typeof Reader = await load(
    READER,
    `, or name a generated catalogue instead of ${file}: --catalogue`,
  );
  try {
    return reader.kindsOf(file);
  } catch (error) {
    if (!(error instanceof reader.CannotRun)) throw error;
    throw new CannotRun(error.message, { cause: error });
  }
}

async function load<Module>(specifier: string, otherwise: string): Promise<Module> {
  try {
    return await import(specifier);
  } catch (error) {
    // Of an import, and of a package in CommonJS, which the built code requires.
    const code = codeOf(error);
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    const message = messageOf(error);
    const missing = /Cannot find (?:package|module) '(?<name>[^'/.][^']*)'/u;
    const name = missing.exec(message)?.groups?.["name"];
    const what = name === undefined ? message : `the package "${name}" is not installed`;
    throw new CannotRun(
      `the generator cannot be loaded: ${what}. It needs the optional dependencies of lock-catalogue; ` +
        `install them with: npm install --include=optional${otherwise}`,
      { cause: error },
    );
  }
}

/** How what the generator found is printed. */
const FORMATS = ["text", "json", "github", "sarif", "markdown"] as const;

/** The `--format` flag, on every command that finds something in a spec. */
export function addFormatOption(command: Command): Command {
  return command.addOption(
    new Option("--format <format>", "how to print").choices(FORMATS).default("text"),
  );
}

/**
 * Loads the generator and runs `act` on it.
 *
 * @returns what `act` returns; null if the generator could not do it, which is then printed and set as
 *   the exit code.
 */
export async function withGenerator<T>(act: (generator: typeof Generator) => T): Promise<T | null> {
  const generator = await loadGenerator();
  try {
    return act(generator);
  } catch (error) {
    if (!(error instanceof generator.CannotRun)) throw error;
    complain(error.message);
    process.exitCode = EXIT.couldNotRun;
    return null;
  }
}
