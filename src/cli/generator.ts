import { type Command, Option } from "commander";
import type * as Breaking from "../../codegen/breaking/index.js";
import type * as Explain from "../../codegen/explain/index.js";
import type * as Reader from "../../codegen/in-memory.js";
import type * as Generator from "../../codegen/index.js";
import { codeOf, messageOf } from "../errors.js";
import { CannotRun, complain, EXIT } from "./exit.js";

/**
 * The parts of the generator that commands load, each only when it is needed: an install with `--omit=optional` has
 * every other command. Only the first, the whole, loads the printer, which takes most of the time.
 */
interface Parts {
  readonly "lock-catalogue/codegen": typeof Generator;
  readonly "#breaking": typeof Breaking;
  readonly "#explain": typeof Explain;
  readonly "#in-memory": typeof Reader;
}

/**
 * The kinds of a spec.
 *
 * @throws CannotRun if the spec cannot be read, or the packages of what reads it are not installed.
 */
export async function readKinds(file: string): Promise<Reader.InMemory> {
  const reader = await loadPart(
    "#in-memory",
    `, or name a generated catalogue instead of ${file}: --catalogue`,
  );
  try {
    return reader.kindsOf(file);
  } catch (error) {
    if (!(error instanceof reader.CannotRun)) throw error;
    throw new CannotRun(error.message, { cause: error });
  }
}

/**
 * Loads a part of the generator.
 *
 * @param otherwise What else to do if its packages are not installed; the end of the message.
 * @throws CannotRun if they are not; the message says how to install them.
 */
export async function loadPart<Name extends keyof Parts>(
  name: Name,
  otherwise = "",
): Promise<Parts[Name]> {
  // A plain string, not a literal, which the compiler would resolve.
  const specifier: string = name;
  try {
    return await import(specifier);
  } catch (error) {
    // Of an import, and of a package in CommonJS, which the built code requires.
    const code = codeOf(error);
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    const message = messageOf(error);
    const missing = /Cannot find (?:package|module) '(?<name>[^'/.][^']*)'/u;
    const lacking = missing.exec(message)?.groups?.["name"];
    const what = lacking === undefined ? message : `the package "${lacking}" is not installed`;
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
 * Loads a part of the generator and runs `act` on it.
 *
 * @returns what `act` returns; null if the generator could not do it, which is then printed and set as
 *   the exit code.
 */
export async function withPart<Name extends keyof Parts, T>(
  name: Name,
  act: (part: Parts[Name]) => T,
): Promise<T | null> {
  const part = await loadPart(name);
  try {
    return act(part);
  } catch (error) {
    if (!(error instanceof part.CannotRun)) throw error;
    complain(error.message);
    process.exitCode = EXIT.couldNotRun;
    return null;
  }
}
