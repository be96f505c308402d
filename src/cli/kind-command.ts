import { type Command, InvalidArgumentError, Option } from "commander";
import { buildLock, type LockKind } from "../catalogue/catalogue.js";
import type { LockFile } from "../lock-file.js";
import { directoryOf } from "../name.js";
import { visible, wholeNumber } from "../text.js";
import {
  type AnyCatalogue,
  addCatalogueOption,
  chooseCatalogue,
  loadCatalogue,
} from "./catalogue-option.js";
import { CannotRun, requireDirectory } from "./exit.js";

/** A subcommand for the locks of one kind. */
export interface KindCommand {
  readonly command: Command;
  /** The flags for the parameters, in template order. */
  readonly flags: readonly Option[];
  /** Builds the lock that its flags name, when the command is called. @param place The directory, if none must be given. */
  readonly lockOf: (place?: string) => LockFile;
}

/**
 * Makes a command whose subcommands are the kinds of the catalogue. They depend on `--catalogue`, so they are declared
 * only if a call is of the command.
 */
export function makeKindParent(parent: Command): void {
  addCatalogueOption(parent)
    .helpCommand(false)
    .commandsGroup("Kinds:")
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (kind) => kind.name() })
    .configureOutput({
      outputError: (text, write) =>
        write(
          text
            .replace(/^error: /u, "lock-catalogue: ")
            .replace(/unknown command ('.*')/u, (_, word) => unknownKind(parent, word)),
        ),
    });
}

/** What is wrong with a word that is no kind. */
export function unknownKind(parent: Command, word: string): string {
  const { name } = chooseCatalogue(parent.opts<{ catalogue?: string }>().catalogue);
  return `unknown kind ${word} in ${visible(name)}; --catalogue names another`;
}

/**
 * The catalogue that a call asks for.
 *
 * @param args The arguments of the program.
 * @throws CannotRun if the catalogue cannot be loaded.
 */
export function catalogueFor(parent: Command, args: readonly string[]): Promise<AnyCatalogue> {
  // Only for --catalogue: all flags are parsed again once the kinds are declared.
  parent.parseOptions(args.slice(1));
  return loadCatalogue(parent.opts<{ catalogue?: string }>().catalogue);
}

/**
 * Declares a subcommand for the locks of one kind, with a flag for each parameter. The parent has `--directory`,
 * which is needed if the spec does not say where the locks are.
 */
export function addKindCommand(parent: Command, kind: LockKind<LockFile>): KindCommand {
  const taken = parent.options.flatMap(({ long }) => [long, long?.replace(/^--no-/u, "--")]);
  const flags = parameterFlags(kind, ["--help", "--version", ...taken.map(String)]);
  const command = parent
    .command(kind.name)
    .summary(kind.TEMPLATE ?? "")
    .helpOption("--help", "display help for command");
  for (const option of flags) command.addOption(option);
  const lockOf = (otherwise?: string): LockFile => {
    const { directory = directoryOf(kind) ?? otherwise, ...values } = command.optsWithGlobals();
    // Refused here and not by commander, which would complain about a missing flag before it suggests the right
    // spelling of a misspelt one.
    const required = (flag: string, value: unknown): unknown =>
      value !== undefined ? value : command.error(`error: ${flag} is missing`);
    const place = required("--directory <dir>", directory);
    const given = flags.map((option) => required(option.flags, values[option.attributeName()]));
    const names = Object.keys(kind.PARAMETERS);
    const byName = Object.fromEntries(names.map((name, at) => [name, given[at]]));
    if (typeof kind !== "function") throw new CannotRun(`${kind.name} is no class of locks`);
    requireDirectory(String(place));
    return buildLock(kind, String(place), byName);
  };
  return { command, flags, lockOf };
}

/**
 * The flags for the parameters of a kind, in template order: `serverName` becomes `--server-name`. A flag
 * that is taken already gets `lock-` in front.
 *
 * @param taken The flags of the command itself, such as `--directory`.
 */
export function parameterFlags(
  { PARAMETERS, VALUES = {} }: LockKind<LockFile>,
  taken: Iterable<string>,
): Option[] {
  const flags = new Set(taken);
  return Object.entries(PARAMETERS).map(([parameter, pattern]) => {
    const flag = freeFlag(parameter, flags);
    flags.add(flag);
    const values = VALUES[parameter];
    if (values === undefined) return new Option(`${flag} <value>`, describe(pattern));
    if (!("min" in values)) return new Option(`${flag} <value>`, PART_OF_NAME).choices(values);
    const expected = wholeNumber(values);
    return new Option(`${flag} <n>`, `${PART_OF_NAME}: ${expected}`).argParser((text) => {
      const number = Number(text);
      if (pattern.test(text) && number >= values.min && number <= values.max) return number;
      throw new InvalidArgumentError(`It must be ${expected}, without zeros in front.`);
    });
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

/** The flag for the directory, in a usage or an example, if the spec does not say where the locks are. */
export function directoryFlag({ DIRECTORY = null }: LockKind<LockFile>, value: string): string {
  return DIRECTORY === null ? `--directory ${value} ` : "";
}

const PART_OF_NAME = "part of the file's name";

/** The pattern of a parameter without one of its own, which takes any part of a file name, is left out. */
function describe({ source }: RegExp): string {
  return source === "^[^/]+$" ? PART_OF_NAME : `${PART_OF_NAME}: ${source}`;
}
