import { createRequire } from "node:module";
import { Command } from "commander";
import { addBreakingCommand } from "./commands/breaking.js";
import { addCompletionCommands } from "./commands/completion.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addExplainCommand } from "./commands/explain.js";
import { addGeneratorCommands } from "./commands/generate.js";
import { addInitCommand } from "./commands/init.js";
import { addListCommand } from "./commands/ls.js";
import { addManCommand } from "./commands/man.js";
import { addPathCommand } from "./commands/path.js";
import { addRunCommand } from "./commands/run.js";
import { addSweepCommand } from "./commands/sweep.js";
import { addWhoCommand } from "./commands/who.js";

/**
 * Declares the program. What depends on a catalogue or on the generator, and takes time to load, is declared only
 * for a call that is about it.
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
  addInitCommand(program);
  addGeneratorCommands(program);
  addExplainCommand(program);
  await addBreakingCommand(program, about);
  addListCommand(program);
  await addWhoCommand(program, about);
  await addRunCommand(program, about, command);
  await addPathCommand(program, about);
  addSweepCommand(program);
  addDoctorCommand(program);
  addCompletionCommands(program, command);
  addManCommand(program, VERSION);
  return program;
}

/** The arguments that a call is about: those that are to be completed, or whose help is in the manual. */
function subjectOf(args: readonly string[], command: readonly string[] | null): readonly string[] {
  if (args[0] === "complete") return command ?? [];
  return args[0] === "man" ? ["breaking", "--help"] : args;
}

const { version: VERSION }: { version: string } = createRequire(import.meta.url)(
  "lock-catalogue/package.json",
);
