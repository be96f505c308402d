import { createRequire } from "node:module";
import { Command } from "commander";

/**
 * @param args The arguments that the call is about: those that are to be completed, or whose help is in the manual.
 * @param command What comes after `--`; null if there is no `--`.
 */
type Declare = (
  program: Command,
  args: readonly string[],
  command: readonly string[] | null,
) => void | Promise<void>;

/** What declares each command, in the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<Declare>>> = {
  init: async () => (await import("./commands/init.js")).addInitCommand,
  generate: async () => (await import("./commands/generate.js")).addGenerateCommand,
  check: async () => (await import("./commands/generate.js")).addCheckCommand,
  explain: async () => (await import("./commands/explain.js")).addExplainCommand,
  breaking: async () => (await import("./commands/breaking.js")).addBreakingCommand,
  ls: async () => (await import("./commands/ls.js")).addListCommand,
  who: async () => (await import("./commands/who.js")).addWhoCommand,
  run: async () => (await import("./commands/run.js")).addRunCommand,
  path: async () => (await import("./commands/path.js")).addPathCommand,
  sweep: async () => (await import("./commands/sweep.js")).addSweepCommand,
  doctor: async () => (await import("./commands/doctor.js")).addDoctorCommand,
  completion: async () => (await import("./commands/completion.js")).addCompletionCommand,
  complete: async () => (await import("./commands/completion.js")).addCompleteCommand,
  man: async () => (await import("./commands/man.js")).addManCommand,
};

/**
 * Declares the program: the command that is called, and all of them for a call that is about the program, such as
 * `--help`. What depends on a catalogue or on the generator is declared only for a call that is about it.
 *
 * @param args The arguments of the program, up to `--`.
 * @param command What comes after `--`; null if there is no `--`.
 */
export async function createProgram(
  args: readonly string[],
  command: readonly string[] | null,
): Promise<Command> {
  const program = new Command("lock-catalogue")
    .description("Lock files by name: typed classes over flock(2) from a YAML catalogue.")
    .version(VERSION, "-V, --version", "print the version")
    .showHelpAfterError("(run it with --help for usage)")
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /u, "lock-catalogue: ")),
    });
  const about = subjectOf(args, command);
  const [name = ""] = args;
  const isAboutAll = !Object.hasOwn(COMMANDS, name) || ABOUT_ALL.has(name);
  for (const [each, load] of Object.entries(COMMANDS)) {
    if (!isAboutAll && each !== name) continue;
    const declare = await load();
    await declare(program, about, command);
  }
  return program;
}

/** The commands that are about all commands. */
const ABOUT_ALL: ReadonlySet<string> = new Set(["complete", "man"]);

/** The arguments that a call is about: those that are to be completed, or whose help is in the manual. */
function subjectOf(args: readonly string[], command: readonly string[] | null): readonly string[] {
  if (args[0] === "complete") return command ?? [];
  return args[0] === "man" ? ["breaking", "--help"] : args;
}

const { version: VERSION }: { version: string } = createRequire(import.meta.url)(
  "lock-catalogue/package.json",
);
