/**
 * What the command line needs of the generator. The generator is found through the package's own
 * name and loaded when a command needs it, so that neither the types nor the start of the program
 * depend on it.
 */
export interface Generator {
  generate(options: { readonly spec: string }): Outcome;
  check(options: { readonly spec: string }): Outcome;
  explain(options: { readonly spec: string }): Explained;
  breaking(options: {
    readonly spec: string;
    readonly against: string | { readonly file: string; readonly text: string };
  }): BreakingOutcome;
  readonly CannotRun: new (message: string) => Error;
}

/** What the generator found; problems of the spec come as text, and then there are no files. */
export interface Outcome {
  readonly report: string;
  readonly problems: readonly unknown[];
  readonly files: readonly {
    readonly path: string;
    readonly state: "missing" | "stale" | "orphaned" | "fresh";
    readonly diff: string;
  }[];
}

/** What `explain` found, as text and as data. */
interface Explained {
  readonly report: string;
  readonly problems: readonly unknown[];
  text(width: number): string;
  readonly data: unknown;
}

/** What `breaking` found; problems are those of either spec. */
interface BreakingOutcome {
  readonly problems: readonly unknown[];
  readonly findings: readonly unknown[];
  readonly text: string;
  readonly commands: string;
  readonly data: unknown;
}

/** The generator's packages are not installed; the message says how to install them. */
export class GeneratorMissing extends Error {
  override readonly name = "GeneratorMissing";
}

// A plain string, not a literal: the compiler must not look for what is built only later.
const SPECIFIER: string = "lock-catalogue/codegen";

/** @throws GeneratorMissing where an optional dependency is not installed. */
export async function loadGenerator(): Promise<Generator> {
  try {
    const generator: Generator = await import(SPECIFIER);
    return generator;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND")) {
      throw error;
    }
    const name = /Cannot find package '(?<name>[^']+)'/u.exec(error.message)?.groups?.["name"];
    const what = name === undefined ? error.message : `the package "${name}" is not installed`;
    throw new GeneratorMissing(
      `the generator cannot be loaded: ${what}. It needs the optional dependencies of lock-catalogue; ` +
        "install them with: npm install --include=optional",
      { cause: error },
    );
  }
}
